#include "FaceBridgeFeed.h"

#include "HAL/RunnableThread.h"

FFaceBridgeFeed::FFaceBridgeFeed(const facebridge::ZmqApi& Api)
	: Pictures(MakeShared<FFaceBridgePictures, ESPMode::ThreadSafe>())
	, Link(Api, *Pictures)
{
	check(IsInGameThread());
	Thread.Reset(FRunnableThread::Create(this, TEXT("FaceBridge"), 0, TPri_AboveNormal));
}

FFaceBridgeFeed::~FFaceBridgeFeed()
{
	End();
}

void FFaceBridgeFeed::Connect(const facebridge::Settings& Settings)
{
	check(IsInGameThread());
	Link.connect(Settings);
}

void FFaceBridgeFeed::Disconnect()
{
	check(IsInGameThread());
	Link.disconnect();
}

void FFaceBridgeFeed::Put(const facebridge::CurveFrame& Frame)
{
	check(IsInGameThread());
	Link.put(Frame);
}

void FFaceBridgeFeed::End()
{
	check(IsInGameThread());
	if (Thread.IsValid())
	{
		Link.stop();
		Thread->WaitForCompletion();
		Thread.Reset();
	}
}

uint32 FFaceBridgeFeed::Run()
{
	check(!IsInGameThread());
	Link.run();
	return 0;
}
