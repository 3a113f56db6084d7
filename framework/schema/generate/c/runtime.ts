/** What all C headers share: spans, and how they are checked and filled. */
export const C_RUNTIME = String.raw`#ifndef BABUS_MESSAGE_H
#define BABUS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
#define BABUS_STATIC_ASSERT static_assert
#define BABUS_ALIGNOF alignof
#else
#define BABUS_STATIC_ASSERT _Static_assert
#define BABUS_ALIGNOF _Alignof
#endif

/** Where the elements of a string or variable array lie. */
typedef struct babus_span {
  /** Bytes from the start of the message. */
  uint32_t offset;
  /** Number of elements; 0 means empty, whatever the offset. */
  uint32_t length;
} babus_span;

/** A point in time: since 1970-01-01T00:00:00Z. */
typedef struct babus_time {
  int32_t sec;
  /** 0 to 999999999; always adds. */
  uint32_t nsec;
} babus_time;

typedef struct babus_duration {
  int32_t sec;
  /** 0 to 999999999; always adds. */
  uint32_t nsec;
} babus_duration;

/** A message to be read. */
typedef struct babus_message {
  const unsigned char *data;
  size_t length;
  /** Bytes of the fixed part; the tail begins behind it. */
  size_t fixed;
} babus_message;

/** A message to be filled. length bytes of it are used. */
typedef struct babus_writer {
  unsigned char *data;
  size_t capacity;
  size_t length;
} babus_writer;

/** data must be aligned to 8 bytes. NULL when the message is shorter than its fixed part. */
static inline const void *babus_open(babus_message *message, const void *data, size_t length, size_t fixed) {
  message->data = (const unsigned char *)data;
  message->length = length;
  message->fixed = fixed;
  return length < fixed ? NULL : data;
}

/** The first element, never NULL for an empty span; NULL when the span does not lie in the message's tail. */
static inline const void *babus_items(const babus_message *message, babus_span span, size_t stride, size_t align,
                                      uint32_t *count) {
  *count = 0;
  if (span.length == 0) return message->data;
  if (span.offset < message->fixed || span.offset > message->length || span.offset % align != 0) return NULL;
  if (span.length > (message->length - span.offset) / stride) return NULL;
  *count = span.length;
  return message->data + span.offset;
}

/** The UTF-8 text of an element of an array of strings, as many bytes as *count, without a terminating zero; NULL when the message is corrupt. */
static inline const char *babus_text(const babus_message *message, babus_span span, uint32_t *count) {
  return (const char *)babus_items(message, span, 1, 1, count);
}

/** data must be aligned to 8 bytes. */
static inline void *babus_begin(babus_writer *writer, void *data, size_t capacity, size_t fixed) {
  writer->data = (unsigned char *)data;
  writer->capacity = capacity;
  writer->length = fixed;
  if (capacity < fixed) return NULL;
  memset(data, 0, fixed);
  return data;
}

/** Takes room in the tail, and points the span to it. */
static inline void *babus_allocate(babus_writer *writer, babus_span *span, size_t stride, size_t align,
                                   uint32_t count) {
  size_t start = (writer->length + align - 1) / align * align;
  if (start > writer->capacity || start > UINT32_MAX) return NULL;
  if (count > (writer->capacity - start) / stride) return NULL;
  span->offset = count == 0 ? 0 : (uint32_t)start;
  span->length = count;
  if (count == 0) return writer->data;
  memset(writer->data + writer->length, 0, start + count * stride - writer->length);
  writer->length = start + count * stride;
  return writer->data + start;
}

/** Copies count bytes of UTF-8 text into the tail for an element of an array of strings. False when the message has no more room. */
static inline int babus_put_text(babus_writer *writer, babus_span *span, const char *text, uint32_t count) {
  void *room = babus_allocate(writer, span, 1, 1, count);
  if (room != NULL && count > 0) memcpy(room, text, count);
  return room != NULL;
}

#endif
`;
