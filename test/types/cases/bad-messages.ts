// Every line below an expectation must fail to compile, in both decorator modes.
import { Node, publishes, type Loan, type Publisher, type Schema, type View } from 'babus';
import { StructLoan, StructView, type Message } from 'babus/schema';
import { HostTelemetry, Image } from 'babus/schemas';

interface Point extends Message<'test/Point', PointView, PointLoan> {
  x: number;
}
declare class PointView extends StructView<Point> {
  get x(): number;
  clone(): Point;
}
declare class PointLoan extends StructLoan<Point> {
  x: number;
  clone(): Point;
}
declare const Point: Schema<Point>;

interface Velocity extends Message<'test/Velocity', VelocityView, VelocityLoan> {
  x: number;
}
declare class VelocityView extends StructView<Velocity> {
  get x(): number;
  clone(): Velocity;
}
declare class VelocityLoan extends StructLoan<Velocity> {
  x: number;
  clone(): Velocity;
}
declare const Velocity: Schema<Velocity>;

export class SameShape extends Node {
  // @ts-expect-error a velocity is no point, although it looks like one
  @publishes(Point) a!: Publisher<Velocity>;

  views(point: View<Point>, velocity: View<Velocity>): void {
    // @ts-expect-error nor are their views
    point = velocity;
    // @ts-expect-error nor are their plain forms
    const plain: Point = velocity.clone();
    // @ts-expect-error nor is there a way around the publisher
    this.a.publish(plain);
    void [point, Velocity];
  }
}

export function badViews(image: View<Image>, telemetry: View<HostTelemetry>): void {
  // @ts-expect-error there is no such field
  void image.nope;
  // @ts-expect-error a view is read-only
  image.width = 3;
  // @ts-expect-error so are its times
  image.stamp.sec = 3;
  // @ts-expect-error and its arrays
  image.data = new Uint8Array(3);
  // @ts-expect-error and what is in its arrays
  telemetry.cores.at(0)!.user_percent = 3;
  // @ts-expect-error no value of the enum
  void (image.encoding === 'rgb9');
  // @ts-expect-error a view cannot be published
  image.publish();
}

export function badLoans(loan: Loan<Image>, publisher: Publisher<Image>): void {
  // @ts-expect-error a number is wanted
  loan.width = '3';
  // @ts-expect-error no value of the enum
  loan.encoding = 'rgb9';
  // @ts-expect-error numbers are wanted
  loan.data = ['3'];
  // @ts-expect-error there is no such field
  loan.allocate('nope', 3);
  // @ts-expect-error the field is no array
  loan.allocate('width', 3);
  // @ts-expect-error nanoseconds are missing
  loan.stamp = { sec: 3 };
  // @ts-expect-error fields are missing
  publisher.publish({ width: 3 });
  // @ts-expect-error nothing is no message
  publisher.publish();
}
