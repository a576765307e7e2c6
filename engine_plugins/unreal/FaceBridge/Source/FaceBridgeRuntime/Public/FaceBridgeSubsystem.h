#pragma once

#include "CoreMinimal.h"
#include "FaceBridge/Zmq.h"
#include "Subsystems/EngineSubsystem.h"
#include "FaceBridgeSubsystem.generated.h"

class FFaceBridgeFeed;

/** Loads libzmq once, and ends every feed before the engine goes. Game thread only. */
UCLASS()
class FACEBRIDGERUNTIME_API UFaceBridgeSubsystem : public UEngineSubsystem
{
	GENERATED_BODY()

public:
	virtual void Initialize(FSubsystemCollectionBase& Collection) override;
	virtual void Deinitialize() override;

	/** A feed of its own; null where libzmq is missing, and LoadFault then says why. */
	TSharedPtr<FFaceBridgeFeed> MakeFeed();

	/** Empty, or one sentence for the user. */
	const FString& GetLoadFault() const { return LoadFault; }

	/** Whom the server of the last connection test had: for lists where nothing is connected. */
	TArray<FString> LastIdentities;

private:
	void Load();

	facebridge::ZmqApi Api;
	void* Library = nullptr;
	TArray<void*> Companions;
	FString LoadFault;
	TArray<TWeakPtr<FFaceBridgeFeed>> Feeds;
};
