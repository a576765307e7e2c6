#pragma once

#include "CoreMinimal.h"
#include "FaceBridge/Take.h"
#include "Serialization/Archive.h"

/** Writes takes that `facebridge replay` plays: a file for each time it begins. Game thread only. */
class FACEBRIDGERUNTIME_API FFaceBridgeRecorder
{
public:
	/** Writes a frame, as captured now. The first one since the end begins a file in the folder. False where it cannot be written. */
	bool Write(const FString& Folder, const facebridge::CurveFrame& Frame);

	/** Ends the file. */
	void End();

	/** The file that is being written, or was written last; empty before the first. */
	const FString& GetPath() const { return Path; }

private:
	bool Begin(const FString& Folder);
	bool Put(const std::string& Text);

	TUniquePtr<FArchive> File;
	FString Path;
	std::string Line;
};
