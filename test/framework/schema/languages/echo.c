/* Says what it finds in a message of sample/Everything, and writes one: echo IN OUT. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sample/Everything.h"

static union {
  uint64_t aligned;
  unsigned char bytes[65536];
} in, out;

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static void say(const sample_Everything *all, const babus_message *message) {
  uint32_t count = 0;
  const char *text = sample_Everything_get_frame_id(message, all, &count);
  if (text == NULL) fail("frame_id is corrupt");
  printf("frame_id %.*s\n", (int)count, text);
  printf("stamp %" PRId32 " %" PRIu32 "\n", all->stamp.sec, all->stamp.nsec);
  printf("mode %d\n", all->mode == sample_Everything_mode_DRIVE);
  printf("i64 %" PRId64 " u64 %" PRIu64 "\n", all->numbers.i64, all->numbers.u64);
  printf("f64 %.17g\n", all->numbers.f64);
  const uint16_t *shorts = sample_Lists_get_shorts(message, &all->lists, &count);
  if (shorts == NULL || count != 2) fail("shorts are corrupt");
  printf("shorts %d %d\n", shorts[0], shorts[1]);
  const sample_Part *parts = sample_Lists_get_parts(message, &all->lists, &count);
  if (parts == NULL || count == 0) fail("parts are corrupt");
  text = sample_Part_get_label(message, &parts[0], &count);
  if (text == NULL) fail("label is corrupt");
  printf("label %.*s\n", (int)count, text);
  printf("end %d\n", all->end);
}

static size_t fill(void) {
  babus_writer writer;
  sample_Everything *all = sample_Everything_begin(&writer, out.bytes, sizeof out.bytes);
  if (all == NULL) fail("no room");
  memcpy(sample_Everything_put_frame_id(&writer, all, 5), "gr\xc3\xbc\xc3", 5);
  all->frame_id.length = 4;
  all->numbers.u64 = UINT64_MAX;
  all->mode = sample_Everything_mode_CONSTRUCTOR;
  double *doubles = sample_Lists_put_doubles(&writer, &all->lists, 2);
  doubles[0] = 1.5;
  doubles[1] = -2;
  all->end = 9;
  return writer.length;
}

int main(int count, char **arguments) {
  if (count != 3) fail("echo IN OUT");
  FILE *file = fopen(arguments[1], "rb");
  if (file == NULL) fail("cannot be read");
  const size_t length = fread(in.bytes, 1, sizeof in.bytes, file);
  fclose(file);
  babus_message message;
  const sample_Everything *all = sample_Everything_open(&message, in.bytes, length);
  if (all == NULL) fail("too short");
  say(all, &message);
  file = fopen(arguments[2], "wb");
  if (file == NULL) fail("cannot be written");
  fwrite(out.bytes, 1, fill(), file);
  return fclose(file);
}
