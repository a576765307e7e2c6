#pragma once

#include "CoreMinimal.h"
#include "FaceBridge/Link.h"
#include "FaceBridgePictures.h"
#include "HAL/Runnable.h"

class FRunnableThread;

/**
 * One connection and the thread that owns its socket.
 *
 * | thread       | does                                                                             |
 * |--------------|----------------------------------------------------------------------------------|
 * | game         | makes and ends the feed, Connect, Put, Read, takes pictures, makes the texture   |
 * | feed         | Run: the socket, the protocol, decoding pictures; nothing of UObject             |
 * | render       | copies a picture, which its command owns, into the texture                       |
 *
 * They meet in two places, facebridge::Link and FFaceBridgePictures; both lock for a moment only.
 */
class FACEBRIDGERUNTIME_API FFaceBridgeFeed final : public FRunnable
{
public:
	explicit FFaceBridgeFeed(const facebridge::ZmqApi& Api);
	virtual ~FFaceBridgeFeed() override;

	void Connect(const facebridge::Settings& Settings);
	void Disconnect();
	void Put(const facebridge::CurveFrame& Frame);
	void Read(facebridge::Status& Status) const { Link.read(Status); }
	void Read(facebridge::Welcome& Offer) const { Link.read(Offer); }

	/** Says good-bye and waits for the thread, 100 ms at most. The feed is of no more use. */
	void End();

	const TSharedRef<FFaceBridgePictures, ESPMode::ThreadSafe>& GetPictures() const { return Pictures; }

	virtual uint32 Run() override;
	virtual void Stop() override { Link.stop(); }

private:
	TSharedRef<FFaceBridgePictures, ESPMode::ThreadSafe> Pictures;
	facebridge::Link Link;
	TUniquePtr<FRunnableThread> Thread;
};
