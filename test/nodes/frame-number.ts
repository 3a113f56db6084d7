/** Reads the number that the camera's test pattern carries: 32 squares, white for 1. */
export function frameNumber(image: { readonly data: Uint8Array; readonly width: number }): number {
  const squarePx = Math.max(1, Math.floor(image.width / 64));
  let number = 0;
  for (let square = 0; square < 32; square++) {
    const red = image.data[square * squarePx * 3]!;
    number = number * 2 + (red === 255 ? 1 : 0);
  }
  return number;
}
