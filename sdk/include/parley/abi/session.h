/* "parley.session/1": requests, sessions, principals, slots. */
#ifndef PARLEY_ABI_SESSION_H
#define PARLEY_ABI_SESSION_H

#include "../abi.h"

#define PARLEY_SESSION_1 "parley.session/1"

/* Which terminals of a principal a push is for. All zero = every one. */
typedef struct parley_selector {
  uint32_t tag_mask;        /* (tag & tag_mask) == tag_value */
  uint32_t tag_value;
  uint32_t min_level;       /* level >= min_level */
  uint32_t max_level;       /* level <= max_level; 0 = no upper bound unless PARLEY_LEVEL_0 is set */
  uint32_t flags;
  uint32_t reserved;
  parley_session_id except; /* left out; 0 = none */
} parley_selector;
enum { PARLEY_LEVEL_0 = 1u }; /* only level 0, i.e. TeamTalk clients */

typedef struct parley_terminal {
  parley_session_id session;
  uint32_t tag;
  uint32_t level;
} parley_terminal;

typedef struct parley_session_1 {
  uint32_t size;
  uint32_t reserved;

  /* Answers a request under its seq. More than one reply is allowed (paged answers). [loop] */
  parley_status (*reply)(parley_generation* self, parley_request_id request, uint16_t command, parley_bytes body);
  /* Ends a request that was PARLEY_PENDING. A failure that was not replied to becomes `refused` for clients that can hear
   * it; text may be empty, retry_after_ms 0. Exactly once per request. [loop] */
  void (*finish)(parley_generation* self, parley_request_id request, parley_status status, parley_bytes text,
                 uint32_t retry_after_ms);
  /* Sets text and wait of the refusal that a handler's returned status will cause. [loop] */
  void (*explain)(parley_generation* self, parley_request_id request, parley_bytes text, uint32_t retry_after_ms);
  /* From a filter: the body that later filters and the owner see. Copied. [loop] */
  parley_status (*replace_body)(parley_generation* self, parley_request_id request, parley_bytes body);

  /* Unsolicited PDUs, seq 0, in order per session. Encoded once for all terminals. [loop] */
  parley_status (*push)(parley_generation* self, parley_session_id session, uint16_t command, parley_bytes body);
  parley_status (*push_principal)(parley_generation* self, uint64_t principal, const parley_selector* selector,
                                  uint16_t command, parley_bytes body);

  /* Gives the session its identity and extension level; takes effect for the next command. PARLEY_CLOSED when it is gone.
   * A session has one identity for life: a second call is PARLEY_CONFLICT. Without PARLEY_TERMINAL it may then use open
   * commands and those of the calling plugin only. [loop] */
  parley_status (*authenticate)(parley_generation* self, parley_session_id session, const parley_principal* principal,
                                uint32_t level);
  /* Closes after everything sent before it is flushed; reason is a short word for metrics and the log. [loop] */
  parley_status (*close)(parley_generation* self, parley_session_id session, const char* reason);

  /* Terminals of a principal on all nodes, in order of login; at most `capacity` are written, the total is returned. [loop] */
  uint32_t (*terminals)(parley_generation* self, uint64_t principal, parley_terminal* out, uint32_t capacity);

  /* This plugin's own bytes on a session, with a schema version of its choice; at most 4 KiB. Empty bytes remove it. [loop] */
  parley_status (*set_slot)(parley_generation* self, parley_session_id session, uint32_t version, parley_bytes bytes);
  /* As it was when the request arrived; borrowed until the handler returns or suspends. PARLEY_NO_TARGET when empty. [loop] */
  parley_status (*get_slot)(parley_generation* self, parley_session_id session, uint32_t* version, parley_bytes* bytes);

  /* Since 1.2. The same to many: one encoding for all terminals of all of them, each principal once. 0 is nobody. [loop] */
  parley_status (*push_principals)(parley_generation* self, const uint64_t* principals, size_t count,
                                   const parley_selector* selector, uint16_t command, parley_bytes body);
  /* Since 1.2. Who has a terminal, on all nodes, each principal once and in no order; at most `capacity` are written, the
   * total is returned. [loop] */
  uint32_t (*online)(parley_generation* self, uint64_t* out, uint32_t capacity);
  /* Since 1.3. Answers a request that ended before, under its seq: for those whose answer is somebody else's to give, at a
   * time when the generation that heard the question may be gone. [loop] */
  parley_status (*answer)(parley_generation* self, parley_session_id session, uint16_t seq, uint16_t command,
                          parley_bytes body);
} parley_session_1;

#endif
