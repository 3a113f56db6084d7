import assert from 'node:assert/strict';
import { planToJson, planToMermaid } from '../../../../framework/launch/index.js';
import { planOf } from '../launch-files.js';

const TEXT = `nodes:
  edges: { use: ./edges, ports: { image: left/image } }
  end: { use: ./camera }
  spare: { use: ./camera, enabled: false }
  blind: { use: ./edges, ports: { image: nothing, edges: more } }
group: [{ namespace: left, nodes: { camera: { use: ./camera } } }]
`;

describe('the graph of a plan', () => {
  it('is a Mermaid flowchart, with what is left out and what nobody publishes', async () => {
    assert.equal(
      planToMermaid(await planOf(TEXT)),
      `flowchart LR
  n0([end])
  n1([blind])
  n2([left/camera])
  n3([edges])
  s0["left/image<br>std/Image"]
  n2 --> s0
  s0 --> n3
  s1["edges<br>std/Image"]
  n3 --> s1
  s2["image<br>std/Image"]
  n0 --> s2
  s3["nothing<br>std/Image"]:::silent
  s3 --> n1
  s4["more<br>std/Image"]
  n1 --> s4
  x0([spare]):::leftOut
  classDef silent stroke-width:3px
  classDef leftOut stroke-dasharray:4
`,
    );
  });

  it('has its order of starts in the JSON form', async () => {
    const { order } = planToJson(await planOf(TEXT)) as { order: string[][] };
    assert.deepEqual(order, [['end', 'blind', 'left/camera'], ['edges']]);
  });
});
