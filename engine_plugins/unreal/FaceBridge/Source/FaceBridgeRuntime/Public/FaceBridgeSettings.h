#pragma once

#include "CoreMinimal.h"
#include "Engine/DeveloperSettings.h"
#include "FaceBridgeSettings.generated.h"

/** Project Settings > Plugins > FaceBridge: what all components share. */
UCLASS(config = Game, defaultconfig, meta = (DisplayName = "FaceBridge"))
class FACEBRIDGERUNTIME_API UFaceBridgeSettings : public UDeveloperSettings
{
	GENERATED_BODY()

public:
	/** Where the server listens. */
	UPROPERTY(config, EditAnywhere, Category = "Server")
	FString Address = TEXT("tcp://127.0.0.1:5570");

	/** The server's public CURVE key, 40 letters; empty for a server on this machine without keys. */
	UPROPERTY(config, EditAnywhere, Category = "Security")
	FString ServerKey;

	/** A text file with this client's secret CURVE key, 40 letters. The key itself stays out of the project. */
	UPROPERTY(config, EditAnywhere, Category = "Security")
	FString SecretKeyFile;

	virtual FName GetCategoryName() const override { return TEXT("Plugins"); }
};
