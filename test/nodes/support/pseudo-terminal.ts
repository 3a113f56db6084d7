import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { spawnTracked, until, type TestProcess } from '../../support/index.js';

/** Puts a link to a new terminal at a path; at each signal writes what a file holds to the other end, and says so. */
const DEVICE = `
import os, pty, signal, sys, tty
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
link, words = sys.argv[1:]
master, slave = pty.openpty()
tty.setraw(slave)
os.symlink(os.ttyname(slave), link)
while True:
    signal.sigwait({signal.SIGUSR1})
    with open(words, 'rb') as file:
        data = file.read()
    while data:
        data = data[os.write(master, data):]
    print('sent', flush=True)
`;

/** Whether this machine can make pseudo-terminals: python3, and a mounted devpts. */
export const hasPseudoTerminals =
  spawnSync('python3', ['-c', 'import pty; pty.openpty()'], { stdio: 'ignore' }).status === 0;

/** A serial device: a pseudo-terminal, whose other end is held by a process of its own. */
export class SerialDevice {
  readonly #path: string;
  readonly #process: TestProcess;
  #sent = 0;

  private constructor(path: string) {
    this.#path = path;
    this.#process = spawnTracked('python3', ['-c', DEVICE, path, `${path}.words`]);
  }

  /** @param path where there is nothing yet */
  static async plugIn(path: string): Promise<SerialDevice> {
    const device = new SerialDevice(path);
    await until(() => existsSync(path), 'the pseudo-terminal');
    return device;
  }

  /** Sends bytes; those that come before somebody has opened the device are lost, as with real ones. */
  async send(words: string | Uint8Array): Promise<void> {
    writeFileSync(`${this.#path}.words`, words);
    this.#process.kill('SIGUSR1');
    await this.#process.waitForOutput(new RegExp(`^(sent\\n){${++this.#sent}}$`));
  }

  /** Tears it away: whoever has it open sees what he would see of a real one. */
  async unplug(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#process.exit();
    rmSync(this.#path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug();
  }
}
