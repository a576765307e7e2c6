#include "FaceBridgeTexture.h"

#include "Engine/Texture2D.h"
#include "RHICommandList.h"
#include "RenderingThread.h"
#include "TextureResource.h"

UTexture2D* MakeFaceBridgeTexture(int32 Width, int32 Height)
{
	check(IsInGameThread());
	UTexture2D* Texture = UTexture2D::CreateTransient(Width, Height, PF_B8G8R8A8);
	if (Texture != nullptr)
	{
		Texture->SRGB = true;
		Texture->NeverStream = true;
		Texture->AddressX = TA_Clamp;
		Texture->AddressY = TA_Clamp;
		Texture->UpdateResource();
	}
	return Texture;
}

void UploadFaceBridgePixels(
	UTexture2D& Texture,
	TUniquePtr<FFaceBridgePixels> Pixels,
	const TSharedRef<FFaceBridgePictures, ESPMode::ThreadSafe>& Pictures)
{
	check(IsInGameThread());
	FTextureResource* Resource = Texture.GetResource();
	if (Resource == nullptr)
	{
		Pictures->Recycle(MoveTemp(Pixels));
		return;
	}
	// The resource is released by a render command too, and so after this one.
	ENQUEUE_RENDER_COMMAND(FaceBridgeUpload)(
		[Resource, Pictures, Pixels = MoveTemp(Pixels)](FRHICommandListImmediate& RHICmdList) mutable
		{
			check(IsInRenderingThread());
			if (FRHITexture* Target = Resource->TextureRHI.GetReference())
			{
				const uint32 Width = static_cast<uint32>(Pixels->Width);
				const uint32 Height = static_cast<uint32>(Pixels->Height);
				const FUpdateTextureRegion2D Region(0, 0, 0, 0, Width, Height);
				RHICmdList.UpdateTexture2D(Target, 0, Region, Width * 4, Pixels->Bgra.GetData());
			}
			Pictures->Recycle(MoveTemp(Pixels));
		});
}
