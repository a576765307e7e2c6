#pragma once

#include "CoreMinimal.h"
#include "FaceBridgePictures.h"

class UTexture2D;

/** A transient sRGB texture of this size, B8G8R8A8, without mips: made once for a size, and never rebuilt for a picture. */
UTexture2D* MakeFaceBridgeTexture(int32 Width, int32 Height);

/** Copies the pixels into the texture by a render command, which owns them until it has run. Game thread. */
void UploadFaceBridgePixels(
	UTexture2D& Texture,
	TUniquePtr<FFaceBridgePixels> Pixels,
	const TSharedRef<FFaceBridgePictures, ESPMode::ThreadSafe>& Pictures);
