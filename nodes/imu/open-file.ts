import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BabusError } from 'babus';
import type { UnitParams } from './columns.js';
import type { SampleSink, SampleSource } from './imu-node.js';
import { Recording } from './recording.js';
import { replay, type ReplayOptions } from './replay.js';

export interface FileOptions extends Omit<ReplayOptions, 'recording'> {
  readonly source: string;
  readonly units: UnitParams;
}

/** @throws BabusError ERR_BABUS_PARAM when there is no such file, or its first line does not say what is where */
export async function openFile(options: FileOptions, sink: SampleSink): Promise<SampleSource> {
  const { source, units, rateHz } = options;
  try {
    const file = resolve(source);
    await demandFile(file);
    const recording = await Recording.open(file, units);
    const { columns } = recording;
    if (!columns.time && rateHz === 0)
      throw new Error('it has no column of times: give the parameter row_rate, in rows a second');
    if (columns.unused.length > 0) sink.log.info(`${source}: not used: ${columns.unused.join(', ')}`);
    return (signal) => replay({ ...options, recording }, sink, signal);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new BabusError('ERR_BABUS_PARAM', `source '${source}': ${why}`, undefined, { cause });
  }
}

async function demandFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Error(`there is no file ${file}; give the path of a CSV recording`);
  });
  if (!found.isFile()) throw new Error(`${file} is no regular file`);
}
