#pragma once

#include "CoreMinimal.h"
#include "FaceBridgeTypes.generated.h"

/** Where the curves come from. */
UENUM(BlueprintType)
enum class EFaceBridgeSource : uint8
{
	/** Morph targets of a skeletal mesh of the same actor, by their names. */
	Mesh,
	/** A Live Link subject with curves, such as Live Link Face. */
	LiveLink,
	/** Set Curve, Set Curves and Set Head Rotation. */
	Script,
};

/** What Script sends: ARKit curves with the head, or FLAME parameters. */
UENUM(BlueprintType)
enum class EFaceBridgeBasis : uint8
{
	Arkit,
	Flame,
};

/** How pixels travel. */
UENUM(BlueprintType)
enum class EFaceBridgeCodec : uint8
{
	/** Few bytes: right for a network. No alpha. */
	Jpeg,
	/** No loss, no alpha. */
	Rgb24,
	/** No loss, with alpha: right for the same machine. */
	Rgba32,
};

UENUM(BlueprintType)
enum class EFaceBridgeState : uint8
{
	Offline,
	Connecting,
	Streaming,
	Waiting,
	Refused,
	Closed,
};

/** How a component stands with its server. */
USTRUCT(BlueprintType)
struct FFaceBridgeStatus
{
	GENERATED_BODY()

	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	EFaceBridgeState State = EFaceBridgeState::Offline;

	/** One sentence, with what to do. */
	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	FString Text;

	/** What of the settings has no effect, and how to get it; or why nothing is recorded. Else empty. */
	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	FString Notice;

	/** Green: streaming; amber: connecting, waiting, or streaming with a change refused; red: refused; grey: offline. */
	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	FColor Colour = FColor(134, 142, 150);

	/** Pictures of the last second. */
	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	float Fps = 0.0f;

	/** Milliseconds from capture to the picture's arrival, on this machine's clock; and the parts of it. */
	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	float Latency = 0.0f;

	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	float Transport = 0.0f;

	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	float Wait = 0.0f;

	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	float Generate = 0.0f;

	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	float Encode = 0.0f;

	/** Frames that newer ones replaced in the server. */
	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	int64 Dropped = 0;

	/** Pictures of a still face, sent again. */
	UPROPERTY(BlueprintReadOnly, Category = "FaceBridge")
	int64 Repeated = 0;
};

/** What is asked of the server. Each may be changed while it streams. */
USTRUCT(BlueprintType)
struct FFaceBridgeLook
{
	GENERATED_BODY()

	/** Whose face is drawn; empty is the server's first. The list is the server's, once it has answered. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge", meta = (GetOptions = "GetIdentityChoices"))
	FString Identity;

	/** Width and height, pixels; 0 is the server's own choice. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge", meta = (ClampMin = 0, ClampMax = 4096))
	int32 Size = 0;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge")
	EFaceBridgeCodec Codec = EFaceBridgeCodec::Rgba32;

	/** Denoising steps; 0 is the model's own choice. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge", meta = (ClampMin = 0, ClampMax = 100))
	int32 Steps = 0;

	/** 1 as performed, 0 neutral. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge", meta = (ClampMin = 0, ClampMax = 10, UIMax = 2))
	float ExpressionScale = 1.0f;

	/** How closely the identity's reference picture is kept to; 0 draws from the identity alone. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge", meta = (ClampMin = 0, ClampMax = 10, UIMax = 2))
	float ReferenceScale = 0.8f;

	/** Of the noise the pictures begin with. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge", meta = (ClampMin = 0))
	int32 Seed = 0;

	/** Whether the light below is used; else it is the model's own. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge")
	bool bLight = false;

	/** X: azimuth, -90 .. 90 degrees, + to the picture's right; Y: elevation, -30 .. 90, + up. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge", meta = (EditCondition = "bLight"))
	FVector2D Light = FVector2D::ZeroVector;

	/** "#rrggbb", "transparent", or empty: transparent with the codec Rgba32, else a plain grey. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge")
	FString Backdrop;

	bool operator==(const FFaceBridgeLook& Other) const
	{
		return Identity == Other.Identity && Size == Other.Size && Codec == Other.Codec && Steps == Other.Steps
			&& ExpressionScale == Other.ExpressionScale && ReferenceScale == Other.ReferenceScale && Seed == Other.Seed
			&& bLight == Other.bLight && Light == Other.Light && Backdrop == Other.Backdrop;
	}
};
