// Run by camera-videos.test.ts in a process of its own: plays a video and says which processes decode it.
import { Video } from '../../nodes/camera/video.js';
import { ffmpegsOf } from './media.js';

const [, , file, width, height] = process.argv;
const video = new Video({
  file: file!,
  width: Number(width),
  height: Number(height),
  loop: true,
  warn: (message) => console.error(message),
});
const frame = new Uint8Array(Number(width) * Number(height) * 3);
await video.read(frame);
console.log(`DECODERS ${ffmpegsOf(process.pid).join()}`);
while (await video.read(frame)) await new Promise((resolve) => setTimeout(resolve, 20));
