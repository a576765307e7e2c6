// Counts the calls of operator new of each thread, for the one file of a program that includes it.
#pragma once

#include <cstdlib>
#include <new>

inline thread_local long allocations = 0;

#ifndef __SANITIZE_ADDRESS__  // which brings an operator new of its own

#pragma GCC diagnostic ignored "-Wmismatched-new-delete"  // inlined, the two below look unlike each other

void* operator new(std::size_t size) {
    ++allocations;
    void* memory = std::malloc(size);
    if (memory == nullptr) std::abort();
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif
