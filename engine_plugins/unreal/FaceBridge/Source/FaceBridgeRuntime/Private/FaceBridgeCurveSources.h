#pragma once

#include "CoreMinimal.h"
#include "FaceBridge/Client.h"

class USkeletalMeshComponent;

/** Which curve of the basis a name of the rig or of the capture is; asked for each name only once. */
class FFaceBridgeNames
{
public:
	/** The place in arkit55, or INDEX_NONE. */
	int32 Find(FName Name);

private:
	TMap<FName, int32> Places;
};

/** Morph targets of a mesh, as they are set now; `Scale` is 1, or 0.01 where the rig counts to 100. */
bool ReadMorphTargets(const USkeletalMeshComponent& Mesh, float Scale, FFaceBridgeNames& Names, facebridge::CurveFrame& Frame);

/** The newest frame of a Live Link subject with curves, and its scene time as timecode. False where there is none. */
bool ReadLiveLink(FName Subject, FFaceBridgeNames& Names, facebridge::CurveFrame& Frame);

/** Head rotation as the wire has it: radians, yaw + to the performer's right, pitch + down, roll + to their left. */
void SetHead(const FRotator& Head, facebridge::CurveFrame& Frame);
