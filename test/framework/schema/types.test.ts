import assert from 'node:assert/strict';
import type { Loan, View } from '../../../framework/schema/index.js';
import { Everything, Point, Velocity } from './fixtures/index.js';
import { Bench } from './kit.js';

/** What the compiler must refuse; the build fails when it does not. Never called. */
function refused(
  point: View<Point>,
  plain: Point,
  view: View<Everything>,
  loan: Loan<Everything>,
): unknown[] {
  // @ts-expect-error Velocity has the same fields, but is another schema.
  const velocity: View<Velocity> = point;
  // @ts-expect-error The same for plain objects.
  const plainVelocity: Velocity = plain;
  // @ts-expect-error The same for setting one from the other.
  loan.lists.points = [new Bench(Velocity).view];
  // @ts-expect-error Views are read-only.
  point.x = 5;
  // @ts-expect-error Times in views are read-only.
  view.stamp.sec = 5;
  // @ts-expect-error No such field.
  loan.frame = 'x';
  // @ts-expect-error No such value.
  loan.mode = 'drove';
  // @ts-expect-error 64-bit integers are bigints.
  loan.numbers.u64 = 5;
  // @ts-expect-error Not an array.
  loan.lists.allocate('frame_id', 5);
  // @ts-expect-error Points have no array to allocate.
  const allocate: keyof Loan<Point> = 'allocate';
  // @ts-expect-error A view cannot be published.
  const publish: keyof View<Everything> = 'publish';
  // @ts-expect-error Schema and loan do not belong together.
  Point.assign(new Bench(Velocity).loan(), plain);
  return [velocity, plainVelocity, allocate, publish];
}

describe('types of generated code', () => {
  it('accept what belongs together', () => {
    assert.equal(typeof refused, 'function');
    const plain: Point = { x: 1, y: 2 };
    const view: View<Point> = new Bench(Point).put(plain);
    const copy: Point = view.clone();
    const relayed: Point = view;
    const loan: Loan<Everything> = new Bench(Everything).loan();
    loan.lists.points = [view, plain];
    const bytes: Uint8Array = loan.lists.allocate('bytes', 3);
    const mode: 'idle' | 'drive' | 'constructor' = loan.mode;
    assert.deepEqual([copy, relayed.x, bytes.length, mode], [plain, 1, 3, 'idle']);
    assert.deepEqual(loan.lists.points.clone(), [plain, plain]);
  });
});
