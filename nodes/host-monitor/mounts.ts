/** A mounted file system of which it is worth knowing how full it is. */
export interface Mount {
  readonly mountPoint: string;
  readonly device: string;
  readonly fileSystem: string;
}

/** Images that are made full and stay so. */
const READ_ONLY_KINDS = ['squashfs', 'erofs', 'iso9660', 'cramfs', 'romfs'];
/** On disks, though they manage those themselves, so that the kernel does not count them among those on a disk. */
const OWN_DISKS = ['zfs', 'bcachefs', 'ubifs'];

/** Of /proc/filesystems: the kinds that live on a disk. */
export function diskKinds(text: string): ReadonlySet<string> {
  const kinds = [...text.matchAll(/^\t(\S+)$/gm)].map(([, kind]) => kind!);
  if (kinds.length === 0) throw new Error('there is no file system in it that lives on a disk');
  return new Set([...kinds, ...OWN_DISKS].filter((kind) => !READ_ONLY_KINDS.includes(kind)));
}

/**
 * Of /proc/self/mountinfo: what lies on disks, and the root whatever it is (in a container it lies over others). Each device
 * once, however often it is mounted. File systems of the network are left out, for asking one that does not answer takes for
 * ever.
 *
 * @throws Error in words when that is not what it should be
 */
export function mounts(text: string, kinds: ReadonlySet<string>): Mount[] {
  const byDevice = new Map<string, Mount & { readonly isWhole: boolean }>();
  for (const line of text.split('\n').filter(Boolean)) {
    const mount = mountOf(line);
    if (mount.mountPoint !== '/' && !kinds.has(mount.fileSystem.split('.')[0]!)) continue;
    const known = byDevice.get(mount.device);
    // A folder of the device, mounted elsewhere, gives way to the device itself.
    if (known === undefined || (mount.isWhole && !known.isWhole)) byDevice.set(mount.device, mount);
  }
  return [...byDevice.values()].map(({ isWhole: _, ...mount }) => mount);
}

function mountOf(line: string): Mount & { readonly isWhole: boolean } {
  // Id, parent, device number, what of the device, where, options, any number of tags, a dash, kind, device, options.
  const found = /^\d+ \d+ \d+:\d+ (\S+) (\S+) \S+ (?:\S+ )*?- (\S+) (\S*) \S+$/.exec(line);
  if (!found) throw new Error(`there is no mount in '${line}'`);
  const [, root, mountPoint, fileSystem, device] = found;
  return {
    isWhole: root === '/',
    mountPoint: unescape(mountPoint!),
    fileSystem: fileSystem!,
    device: unescape(device!),
  };
}

/** The kernel writes blanks and the like as octal numbers, byte by byte. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
