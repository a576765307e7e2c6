#pragma once

#include "CoreMinimal.h"
#include "FaceBridge/Settings.h"
#include "FaceBridge/Status.h"
#include "FaceBridgeTypes.h"

class UFaceBridgeSettings;

/** The server's address and the keys. False, with a sentence for the user, where the key file cannot be read. */
FACEBRIDGERUNTIME_API bool ReadFaceBridgeSettings(const UFaceBridgeSettings& From, facebridge::Settings& To, FString& Fault);

FACEBRIDGERUNTIME_API void ReadFaceBridgeLook(const FFaceBridgeLook& From, facebridge::Settings& To);

/** The core's status as Blueprints see it. */
FACEBRIDGERUNTIME_API FFaceBridgeStatus ToBlueprint(const facebridge::Status& Status);
