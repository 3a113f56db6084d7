import { isMap, isScalar, isSeq, visit, type Document, type Node } from 'yaml';

/** Something that YAML allows and these files do not. */
export interface StructureProblem {
  readonly message: string;
  /** In the text. */
  readonly offset: number;
}

/** Tags of JSON data: what a value is without them. */
const PLAIN_TAGS = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

/**
 * The first thing in a document that makes no plain data: aliases without an anchor or around themselves, tags, keys that are
 * no text, a key twice. Takes time by the length of the document, which the library's own check of keys does not.
 */
export function structureProblem(document: Document): StructureProblem | undefined {
  const anchors = new Set<string>();
  let found: StructureProblem | undefined;
  const refuse = (message: string, node: unknown): symbol => {
    found = { message, offset: (node as Node | null)?.range?.[0] ?? 0 };
    return visit.BREAK;
  };
  visit(document, {
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (node.tag !== undefined && !PLAIN_TAGS.test(node.tag))
        return refuse(`the tag ${shortTag(node.tag)} is not allowed; write the value without it`, node);
      return isMap(node) ? keyProblem(node.items, refuse) : undefined;
    },
    Alias(_key, alias, path) {
      const { source } = alias;
      if (!anchors.has(source))
        return refuse(
          `*${source} names no anchor above it; an anchor is set with &${source}, and text that begins with * stands in quotes`,
          alias,
        );
      if (path.some((outer) => (isMap(outer) || isSeq(outer)) && outer.anchor === source))
        return refuse(`*${source} stands inside of what &${source} names; write the value out`, alias);
      return undefined;
    },
  });
  return found;
}

function keyProblem(
  items: readonly { readonly key: unknown }[],
  refuse: (message: string, node: unknown) => symbol,
): symbol | undefined {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (isMap(key) || isSeq(key)) return refuse('a key is text, not a list or map; put it in quotes', key);
    const name = String(isScalar(key) ? key.value : key);
    if (seen.has(name)) return refuse(`key ${name.slice(0, 128)} stands in this map twice`, key);
    seen.add(name);
  }
  return undefined;
}

function shortTag(tag: string): string {
  return tag.replace('tag:yaml.org,2002:', '!!');
}
