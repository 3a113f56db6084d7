/** Where a joystick's axes and buttons are. */
export class Pad {
  /** Each from -1 to 1; right and down are positive, as devices have it. */
  readonly axes: number[] = [];
  /** 1 while pressed, else 0. */
  readonly buttons: number[] = [];

  setAxis(index: number, position: number): void {
    while (this.axes.length <= index) this.axes.push(0);
    this.axes[index] = Math.min(1, Math.max(-1, position));
  }

  setButton(index: number, isPressed: boolean): void {
    while (this.buttons.length <= index) this.buttons.push(0);
    this.buttons[index] = isPressed ? 1 : 0;
  }
}

/**
 * A position as ROS gives it: left and up are positive, and what is left outside the deadzone is stretched, so that nothing
 * jumps at its border and 1 is still reached.
 *
 * @param deadzone 0 to below 1: positions no farther than this from the centre are the centre
 */
export function rosAxis(position: number, deadzone: number): number {
  const beyond = Math.abs(position) - deadzone;
  return beyond <= 0 ? 0 : (-Math.sign(position) * beyond) / (1 - deadzone);
}
