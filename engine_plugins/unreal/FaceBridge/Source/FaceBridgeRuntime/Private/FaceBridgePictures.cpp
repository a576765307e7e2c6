#include "FaceBridgePictures.h"

#include "IImageWrapper.h"
#include "IImageWrapperModule.h"
#include "Misc/ScopeLock.h"
#include "Modules/ModuleManager.h"

namespace
{
	/** Buffers that are kept: one being filled, one waiting, two in render commands. */
	constexpr int32 MostFree = 4;

	void ToBgra(const uint8* From, int64 PixelCount, int32 BytesPerPixel, uint8* To)
	{
		for (int64 Pixel = 0; Pixel < PixelCount; ++Pixel, From += BytesPerPixel, To += 4)
		{
			To[0] = From[2];
			To[1] = From[1];
			To[2] = From[0];
			To[3] = BytesPerPixel == 4 ? From[3] : 255;
		}
	}

	bool DecodeJpeg(facebridge::Span Pixels, FFaceBridgePixels& Out)
	{
		// The component has loaded the module in the game thread, where modules have to be loaded.
		IImageWrapperModule* Module = FModuleManager::GetModulePtr<IImageWrapperModule>(TEXT("ImageWrapper"));
		const TSharedPtr<IImageWrapper> Jpeg = Module ? Module->CreateImageWrapper(EImageFormat::JPEG) : nullptr;
		return Jpeg.IsValid() && Jpeg->SetCompressed(Pixels.data, static_cast<int64>(Pixels.size))
			&& Jpeg->GetWidth() == Out.Width && Jpeg->GetHeight() == Out.Height
			&& Jpeg->GetRaw(ERGBFormat::BGRA, 8, Out.Bgra);
	}
}

void FFaceBridgePictures::take(const facebridge::Picture& Picture, facebridge::Span Pixels)
{
	check(!IsInGameThread());
	TUniquePtr<FFaceBridgePixels> Buffer = FreeBuffer();
	if (!Decode(Picture, Pixels, *Buffer))
	{
		Recycle(MoveTemp(Buffer));
		return;
	}
	Buffer->Sequence = Picture.sequence;
	Buffer->Timecode = UTF8_TO_TCHAR(Picture.timecode.c_str());
	{
		FScopeLock Lock(&Section);
		Swap(Newest, Buffer);
	}
	Recycle(MoveTemp(Buffer)); // the one that nobody took in time
}

bool FFaceBridgePictures::Decode(const facebridge::Picture& Picture, facebridge::Span Pixels, FFaceBridgePixels& Out)
{
	Out.Width = static_cast<int32>(Picture.width);
	Out.Height = static_cast<int32>(Picture.height);
	if (Picture.codec == facebridge::Codec::jpeg)
	{
		return DecodeJpeg(Pixels, Out);
	}
	const int64 PixelCount = static_cast<int64>(Out.Width) * Out.Height;
	Out.Bgra.SetNumUninitialized(PixelCount * 4);
	ToBgra(Pixels.data, PixelCount, Picture.codec == facebridge::Codec::rgba32 ? 4 : 3, Out.Bgra.GetData());
	return true;
}

TUniquePtr<FFaceBridgePixels> FFaceBridgePictures::TakeNewest()
{
	FScopeLock Lock(&Section);
	return MoveTemp(Newest);
}

void FFaceBridgePictures::Recycle(TUniquePtr<FFaceBridgePixels> Pixels)
{
	FScopeLock Lock(&Section);
	if (Pixels.IsValid() && Free.Num() < MostFree)
	{
		Free.Add(MoveTemp(Pixels));
	}
}

TUniquePtr<FFaceBridgePixels> FFaceBridgePictures::FreeBuffer()
{
	FScopeLock Lock(&Section);
	return Free.Num() > 0 ? Free.Pop() : MakeUnique<FFaceBridgePixels>();
}
