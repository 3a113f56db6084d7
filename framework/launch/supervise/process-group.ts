/** Signals a process group whose leader we started. @returns false when nothing of it is left */
export function signalGroup(leaderPid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-leaderPid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    // Something in the group has taken other rights; the rest has got the signal.
    if (code === 'EPERM') return true;
    throw error;
  }
}
