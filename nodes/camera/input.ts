import { resolve } from 'node:path';
import { fileKind } from '../common/file-kind.js';

/**
 * What ffmpeg may open to read a stream of each kind, itself and whatever a playlist or redirection in it names. Files are
 * not among it, and what began encrypted stays so.
 */
const STREAM_PROTOCOLS: Readonly<Record<string, string>> = {
  rtsp: 'rtsp,rtp,udp,tcp',
  http: 'http,https,httpproxy,tls,tcp,crypto',
  https: 'https,httpproxy,tls,tcp,crypto',
  udp: 'udp',
  tcp: 'tcp',
};
const STREAM_KINDS = Object.keys(STREAM_PROTOCOLS).join(', ');
/** By default ffmpeg decodes several images at once, which makes each late by as many. */
const PROMPT = ['-thread_type', 'slice'];
/**
 * ffmpeg looks into a stream for 5 s, and longer for some formats, to find out all about it, before it shows the first image.
 * The format and the size of images are known after a few; that they come at an even rate needs no proof. What it has gathered
 * meanwhile it gives all at once: see `skipBacklog`. (The option against that, nobuffer, throws away short streams as a whole,
 * and the image that the others of a long one build on.)
 */
const SHORT_LOOK = ['-analyzeduration', '500000', '-fpsprobesize', '0'];
/** Of the kernel's list of drivers: Video4Linux. */
const VIDEO_MAJOR = 81;

/** Where images come from, told apart by what the parameter `source` looks like. */
export type Input =
  | { readonly kind: 'pattern' }
  /** Absolute paths. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'device'; readonly path: string }
  | { readonly kind: 'stream'; readonly url: string };

/** Wishes to a V4L2 device, which does what comes closest. */
export interface DeviceWishes {
  /** Pixels; 0: the device's own choice. */
  readonly width: number;
  readonly height: number;
  /** Images per second; 0: the device's own choice. */
  readonly framerate: number;
  /** As ffmpeg names it: mjpeg, yuyv422 …; empty: the device's own choice. */
  readonly inputFormat: string;
}

/** @throws Error in words when it is none of these */
export async function inputOf(source: string): Promise<Input> {
  if (source === 'pattern') return { kind: 'pattern' };
  const [, device] = /^v4l2:(.+)$/s.exec(source) ?? [];
  if (device !== undefined) return { kind: 'device', path: resolve(device) };
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source) ?? [];
  if (scheme !== undefined && scheme.toLowerCase() in STREAM_PROTOCOLS) return streamInput(source);
  const path = resolve(source);
  if (/^\/dev\/(video\d+|v4l\/.+)$/.test(path)) return { kind: 'device', path };
  const { kind, major } = await fileKind(path);
  if (kind === 'character device' && major === VIDEO_MAJOR) return { kind: 'device', path };
  if (kind === 'missing')
    throw new Error(
      `there is no file ${path}; give 'pattern', the path of a picture or video, a V4L2 device, or a URL (${STREAM_KINDS})`,
    );
  if (kind !== 'regular file') throw new Error(`${path} is a ${kind}: it is no regular file`);
  return { kind: 'file', path };
}

function streamInput(url: string): Input {
  if (/[\s\p{Cc}]/u.test(url)) throw new Error('a URL has no blanks or control characters in it');
  const [, scheme, rest] = /^([a-z]+):\/\/([^/?#]*)/i.exec(url)!;
  const host = rest!.slice(rest!.lastIndexOf('@') + 1);
  const needsPort = ['udp', 'tcp'].includes(scheme!.toLowerCase());
  const [, name, port] = /^(\[[\da-f:.%]+\]|[^:[\]]*)(?::(\d{1,5}))?$/i.exec(host) ?? [];
  if (name === undefined || (name === '' && scheme!.toLowerCase() !== 'udp'))
    throw new Error(`there is no host in this URL; it looks like ${scheme}://host:port`);
  if ((needsPort && port === undefined) || Number(port ?? 1) < 1 || Number(port ?? 1) > 65535)
    throw new Error(`it needs a port from 1 to 65535, as in ${scheme}://${name || '@'}:5000`);
  return { kind: 'stream', url };
}

/** Whether a V4L2 device is there now. @throws Error in words when it is something else */
export async function deviceState(path: string): Promise<'there' | 'missing'> {
  const { kind, major } = await fileKind(path);
  if (kind === 'missing') return 'missing';
  if (kind === 'character device' && major === VIDEO_MAJOR) return 'there';
  const sort = kind === 'character device' ? ` of another sort (major ${major}, not ${VIDEO_MAJOR})` : '';
  throw new Error(`${path} is no V4L2 device, but a ${kind}${sort}`);
}

/** ffmpeg's options for a file. */
export function fileArguments(file: string): string[] {
  // A path is never taken for an option or a URL, and a playlist in a file cannot reach the network.
  return ['-protocol_whitelist', 'file', '-i', `file:${file}`];
}

/** ffmpeg's options for a V4L2 device. */
export function deviceArguments(path: string, wishes: DeviceWishes): string[] {
  const { width, height, framerate, inputFormat } = wishes;
  return [
    ...PROMPT,
    ...['-f', 'v4l2', '-protocol_whitelist', 'file'],
    ...(inputFormat === '' ? [] : ['-input_format', inputFormat]),
    ...(framerate === 0 ? [] : ['-framerate', String(framerate)]),
    ...(width === 0 || height === 0 ? [] : ['-video_size', `${width}x${height}`]),
    ...['-i', path],
  ];
}

/** ffmpeg's options for a stream. */
export function streamArguments(url: string): string[] {
  const scheme = url.slice(0, url.indexOf(':')).toLowerCase();
  return [
    ...PROMPT,
    ...SHORT_LOOK,
    // Over UDP, the default, images with lost packets are smeared.
    ...(scheme === 'rtsp' ? ['-rtsp_flags', 'prefer_tcp'] : []),
    // When decoding falls behind, packets are lost instead of the stream.
    ...(scheme === 'udp' ? ['-overrun_nonfatal', '1'] : []),
    ...['-protocol_whitelist', STREAM_PROTOCOLS[scheme]!, '-i', url],
  ];
}

/** A source, or text with one in it, without the name and password that URLs may have. */
export function withoutSecrets(text: string): string {
  return text.replace(/(\w:\/\/)[^/?#\s]*@(?=[^\s])/g, '$1***@');
}
