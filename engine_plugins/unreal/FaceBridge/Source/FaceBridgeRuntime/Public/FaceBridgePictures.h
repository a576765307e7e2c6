#pragma once

#include "CoreMinimal.h"
#include "FaceBridge/Client.h"
#include "HAL/CriticalSection.h"

/** One picture, ready for a texture: B, G, R, A, the top row first. */
struct FFaceBridgePixels
{
	TArray64<uint8> Bgra;
	int32 Width = 0;
	int32 Height = 0;
	int64 Sequence = -1;
	FString Timecode;
};

/** Turns what comes off the wire into pixels, and keeps the newest for the game thread. Buffers go round and round. */
class FACEBRIDGERUNTIME_API FFaceBridgePictures final : public facebridge::PictureSink
{
public:
	/** Feed thread. */
	virtual void take(const facebridge::Picture& Picture, facebridge::Span Pixels) override;

	/** The newest picture that nobody has taken, or null. Game thread. */
	TUniquePtr<FFaceBridgePixels> TakeNewest();

	/** Gives a buffer back. Any thread. */
	void Recycle(TUniquePtr<FFaceBridgePixels> Pixels);

private:
	TUniquePtr<FFaceBridgePixels> FreeBuffer();
	static bool Decode(const facebridge::Picture& Picture, facebridge::Span Pixels, FFaceBridgePixels& Out);

	FCriticalSection Section;
	TUniquePtr<FFaceBridgePixels> Newest;
	TArray<TUniquePtr<FFaceBridgePixels>> Free;
};
