#include "sync/histogram.hpp"

#include <memory>

#include "harness.hpp"

using babus::sync::Histogram;

TEST("histogram: every bucket begins at its lower bound") {
  for (uint32_t bucket = 1; bucket < Histogram::kBuckets; ++bucket) {
    const uint64_t bound = Histogram::lower_bound_ns(bucket);
    CHECK_EQUAL(Histogram::bucket_of(bound), bucket);
    CHECK_EQUAL(Histogram::bucket_of(bound - 1), bucket - 1);
  }
  CHECK_EQUAL(Histogram::lower_bound_ns(0), 0u);
}

TEST("histogram: buckets are at most an eighth of their value wide") {
  for (uint32_t bucket = 1; bucket + 1 < Histogram::kBuckets; ++bucket) {
    const uint64_t low = Histogram::lower_bound_ns(bucket);
    CHECK((Histogram::lower_bound_ns(bucket + 1) - low) * 8 <= low);
  }
}

TEST("histogram: the first and last bucket take everything beyond") {
  CHECK_EQUAL(Histogram::bucket_of(0), 0u);
  CHECK_EQUAL(Histogram::bucket_of(255), 0u);
  CHECK_EQUAL(Histogram::bucket_of(~uint64_t{0}), Histogram::kBuckets - 1);
  CHECK_EQUAL(Histogram::bucket_of(3'600'000'000'000), Histogram::kBuckets - 1);
}

TEST("histogram: counts, and forgets when cleared") {
  const auto histogram = std::make_unique<Histogram>();
  for (int i = 0; i < 5; ++i) histogram->count(10'000);
  histogram->count(1);
  CHECK_EQUAL(histogram->at(Histogram::bucket_of(10'000)), 5u);
  CHECK_EQUAL(histogram->at(0), 1u);
  histogram->clear();
  CHECK_EQUAL(histogram->at(0), 0u);
}
