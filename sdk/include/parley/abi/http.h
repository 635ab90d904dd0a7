/* "parley.http/1": answering the routes of the descriptor. */
#ifndef PARLEY_ABI_HTTP_H
#define PARLEY_ABI_HTTP_H

#include "../abi.h"

#define PARLEY_HTTP_1 "parley.http/1"

typedef struct parley_http_header {
  parley_bytes name;
  parley_bytes value;
} parley_http_header;

typedef struct parley_http_request {
  uint32_t size;
  uint32_t header_count;
  parley_exchange_id id;
  parley_bytes method;
  parley_bytes path;  /* without query, as sent (not percent-decoded) */
  parley_bytes query; /* behind '?', may be empty */
  parley_bytes body;
  parley_bytes peer;
  const parley_http_header* headers; /* names in lower case. Everything is borrowed until the handler returns */
  uint64_t body_size;    /* since 1.3: bytes; in head() as announced, PARLEY_HTTP_UNKNOWN where it is not */
  const char* body_file; /* since 1.3: path of a staged body, else null. Valid until the exchange ends, when the host removes
                          * what is still there: whoever wants to keep it renames it, on a worker */
  uint32_t flags;        /* since 1.3: PARLEY_HTTP_TLS */
  uint32_t reserved;
} parley_http_request;
#define PARLEY_HTTP_UNKNOWN UINT64_MAX
#define PARLEY_HTTP_TLS 1u /* it came as https to this node, which speaks TLS itself */

/* Since 1.3. A file to answer with. */
typedef struct parley_http_file {
  uint32_t size;
  uint32_t reserved;
  const char* root;  /* an absolute directory: nothing outside of it is opened, and no symbolic link below it followed */
  const char* path;  /* below root: no leading '/', no empty, "." or ".." segment */
  parley_bytes etag; /* quoted; empty = made of the file's inode, size and time of change */
} parley_http_file;

typedef struct parley_http_1 {
  uint32_t size;
  uint32_t reserved;
  /* Once per exchange; the host adds Content-Length, Date and Connection. PARLEY_CLOSED when the client has gone. [loop] */
  parley_status (*respond)(parley_generation* self, parley_exchange_id exchange, uint32_t status_code,
                           const parley_http_header* headers, size_t header_count, parley_bytes body);
  /* Since 1.3. Answers GET and HEAD with a regular file, once per exchange: 200, 206 for one range, 304, 412 or 416 as the
   * request's conditions and Range ask, 404 where there is none. The host adds Content-Length, Content-Range, ETag,
   * Last-Modified and Accept-Ranges. The file is read beside the loop, without being kept in memory; what replaces it while
   * it is sent does not show. The exchange ends at once: no pin is held while bytes flow. PARLEY_MALFORMED for a path out
   * of bounds (the client got 404). [loop] */
  parley_status (*respond_file)(parley_generation* self, parley_exchange_id exchange, const parley_http_header* headers,
                                size_t header_count, const parley_http_file* file);
} parley_http_1;

#endif
