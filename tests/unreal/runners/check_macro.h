// Included before everything else: the macros of Unreal that break headers written without them in mind.
#pragma once

#define check(expression)
#define verify(expression) (expression)
#define checkf(expression, ...)
#define TEXT(text) text
#define PI (3.1415926535897932f)
