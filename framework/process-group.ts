/**
 * Signals a process group whose leader we started.
 * @param kill stands in for `process.kill` in tests
 * @returns false when nothing of it is left
 */
export function signalGroup(
  leaderPid: number,
  signal: NodeJS.Signals,
  kill: (pid: number, signal: NodeJS.Signals) => true = (pid, name) => process.kill(pid, name),
): boolean {
  try {
    return kill(-leaderPid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    // What is left of the group has taken other rights.
    if (code === 'EPERM') return true;
    throw error;
  }
}
