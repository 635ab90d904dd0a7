// The memory that only the start of the process needed.
#pragma once

namespace parley::host {

/// Gives back the resident pages of all loaded code. What still runs comes back from the page cache, page by page, as
/// it is used; what only the start needed (parsing, schema, the libraries' own initialisation) does not. Does nothing
/// under a debugger, whose breakpoints live in those pages, and in sanitized builds. Call it once the node serves.
/// [loop]
///
/// Rationale: an idle node is mostly the text that its start went through once; measured, a third of what is resident.
void forget_startup_code();

}  // namespace parley::host
