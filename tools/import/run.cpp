#include "import/run.hpp"

#include <cstdio>

#include "import/recording_source.hpp"
#include "import/schema.hpp"
#include "import/steps.hpp"
#include "import/trouble.hpp"

namespace parley::teamtalk {
namespace {

void skip(job& work, const char* step) {
  work.out().begin(step);
  work.out().end("skipped: no --redis");
}

void take_from_redis(job& work, const redis_truth& redis) {
  take_counters(work, redis);
  take_members(work, redis);
  take_read_positions(work, redis);
  take_group_read_positions(work, redis);
  take_device_tokens(work, redis);
  take_push_shields(work, redis);
}

void all_steps(job& work, const redis_truth& redis) {
  if (!work.dry()) migrate(work);
  look_at_users(work);
  take_conversations(work);
  take_group_conversations(work);
  if (work.how().redis.empty()) {
    for (const auto* step :
         {"counters", "group members", "read positions", "group read positions", "device tokens", "push shields"}) {
      skip(work, step);
    }
  } else {
    take_from_redis(work, redis);
  }
  take_recordings(work);
}

void print(job& work) {
  const auto text = work.how().json ? work.out().json() : work.out().table();
  std::fputs(text.c_str(), stdout);
}

}  // namespace

int run(const options& o) {
  if (!o.msfs.empty()) recording_source probe(o.msfs);
  job work(o);
  check_schema(work);
  const auto redis = read_redis(o.redis);
  if (!o.dry && !work.take_lock())
    throw trouble(work.shown() + ": another import is at work there; wait until it ends");
  try {
    all_steps(work, redis);
  } catch (const sql_error& e) {
    print(work);
    throw trouble(work.shown() + ": " + e.what() + "; what is done stays: mend it and run the same command again",
                  interrupted);
  } catch (const trouble&) {
    print(work);
    throw;
  }
  if (redis.strange) {
    work.out().remark(std::to_string(redis.strange) +
                      " keys in Redis hold what TeamTalk does not write, and were left "
                      "out or taken in part; one is " +
                      redis.examples.front());
  }
  print(work);
  return done;
}

}  // namespace parley::teamtalk
