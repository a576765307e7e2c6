// What the build of the engine defines for each module, and nobody else does.
#pragma once

#ifndef FACEBRIDGECORE_API
#define FACEBRIDGECORE_API
#endif
