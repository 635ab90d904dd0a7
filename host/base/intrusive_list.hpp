// A doubly linked list through its members: O(1) removal, no allocation.
#pragma once

namespace parley::host {

struct list_hook {
  list_hook* previous = nullptr;
  list_hook* next = nullptr;
  bool linked() const { return next != nullptr; }
  void unlink() {
    if (!next) return;
    previous->next = next;
    next->previous = previous;
    previous = next = nullptr;
  }
};

struct list_head : list_hook {
  list_head() { previous = next = this; }
  list_head(const list_head&) = delete;
  list_head& operator=(const list_head&) = delete;
  bool empty() const { return next == this; }
  void push_back(list_hook& h) {
    h.unlink();
    h.previous = previous;
    h.next = this;
    previous->next = &h;
    previous = &h;
  }
};

}  // namespace parley::host
