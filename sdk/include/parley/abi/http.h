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
} parley_http_request;

typedef struct parley_http_1 {
  uint32_t size;
  uint32_t reserved;
  /* Once per exchange; the host adds Content-Length, Date and Connection. PARLEY_CLOSED when the client has gone. [loop] */
  parley_status (*respond)(parley_generation* self, parley_exchange_id exchange, uint32_t status_code,
                           const parley_http_header* headers, size_t header_count, parley_bytes body);
} parley_http_1;

#endif
