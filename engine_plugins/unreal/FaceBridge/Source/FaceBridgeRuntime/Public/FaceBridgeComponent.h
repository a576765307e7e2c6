#pragma once

#include "CoreMinimal.h"
#include "Components/ActorComponent.h"
#include "FaceBridge/Client.h"
#include "FaceBridgeTypes.h"
#include "FaceBridgeComponent.generated.h"

class FFaceBridgeFeed;
class FFaceBridgeNames;
class FFaceBridgeRecorder;
class UMaterialInstanceDynamic;
class UPrimitiveComponent;
class USkeletalMeshComponent;
class UTexture2D;

DECLARE_DYNAMIC_MULTICAST_DELEGATE_ThreeParams(
	FFaceBridgePicture, UTexture2D*, Texture, int64, Sequence, const FString&, Timecode);

/**
 * Sends curves to a facebridge server, each frame of the engine, and shows the face that comes back.
 *
 * Game thread only; it never waits for the network. Works in the editor too, where bInEditor is set.
 */
UCLASS(ClassGroup = (FaceBridge), meta = (BlueprintSpawnableComponent))
class FACEBRIDGERUNTIME_API UFaceBridgeComponent : public UActorComponent
{
	GENERATED_BODY()

public:
	UFaceBridgeComponent();

	/** Connects when play begins. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge")
	bool bConnectOnPlay = true;

	/** Live in the editor, without play. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge")
	bool bInEditor = false;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Source")
	EFaceBridgeSource Source = EFaceBridgeSource::Mesh;

	/** Of the source Script: the names that Set Curve takes. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Source")
	EFaceBridgeBasis Basis = EFaceBridgeBasis::Arkit;

	/** The Live Link subject, as Window > Virtual Production > Live Link names it. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Source")
	FName LiveLinkSubject;

	/** Whether the mesh's morph targets go to 100 and not to 1. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Source")
	bool bPercent = false;

	/** The performer's name, for the server's log. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Source")
	FString Subject;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Look", meta = (ShowOnlyInnerProperties))
	FFaceBridgeLook Look;

	/** The mesh of this actor that shows the face, by the name of its component; empty is none. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Output")
	FName ScreenComponent;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Output", meta = (ClampMin = 0))
	int32 MaterialSlot = 0;

	/** The material's texture parameter that takes the face. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Output")
	FName TextureParameter = TEXT("Face");

	/** The material's scalar parameter that fades it: 1 shown, 0 gone. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Output")
	FName OpacityParameter = TEXT("FaceOpacity");

	/** Keeps the last picture when the server is gone; else it fades. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Output")
	bool bHoldLastPicture = true;

	/** Seconds it takes to fade out, and in again. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Output", meta = (ClampMin = "0.01"))
	float FadeSeconds = 0.5f;

	/** Status, latency, fps and drops on the screen. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Output")
	bool bOverlay = false;

	/** Writes what is sent as a take, a Live Link Face recording: a file for each time it is switched on. ARKit's curves only. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Record")
	bool bRecord = false;

	/** Where takes go; empty is Saved/FaceBridge of the project. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "FaceBridge|Record")
	FString RecordFolder;

	/** A picture is in the texture. */
	UPROPERTY(BlueprintAssignable, Category = "FaceBridge")
	FFaceBridgePicture OnPicture;

	UFUNCTION(BlueprintCallable, CallInEditor, Category = "FaceBridge")
	void Connect();

	/** Says good-bye to the server. The texture keeps its last picture. */
	UFUNCTION(BlueprintCallable, CallInEditor, Category = "FaceBridge")
	void Disconnect();

	/** Of the source Script: 0 neutral .. 1 full for ARKit. False where no curve is called so. */
	UFUNCTION(BlueprintCallable, Category = "FaceBridge")
	bool SetCurve(FName Name, float Value);

	/** As SetCurve for several; what the map leaves out stays. Returns how many names were known. */
	UFUNCTION(BlueprintCallable, Category = "FaceBridge")
	int32 SetCurves(const TMap<FName, float>& Values);

	/** Degrees, relative to the body. */
	UFUNCTION(BlueprintCallable, Category = "FaceBridge")
	void SetHeadRotation(FRotator Head);

	/** Of the sources Mesh and Script: any text up to 64 bytes; it comes back with the picture. */
	UFUNCTION(BlueprintCallable, Category = "FaceBridge")
	void SetTimecode(const FString& Timecode);

	/** The face; null before the first picture. Another one after the size has changed. */
	UFUNCTION(BlueprintPure, Category = "FaceBridge")
	UTexture2D* GetTexture() const { return Texture; }

	UFUNCTION(BlueprintPure, Category = "FaceBridge")
	FFaceBridgeStatus GetStatus() const;

	/** The take that is being written, or was written last; empty before the first. */
	UFUNCTION(BlueprintPure, Category = "FaceBridge")
	FString GetRecordPath() const;

	/** Whom the server can draw; empty before it has answered. */
	UFUNCTION(BlueprintPure, Category = "FaceBridge")
	TArray<FString> GetIdentities() const;

	/** What the list of identities offers: the server's first, whom it has, and who is chosen. */
	UFUNCTION()
	TArray<FString> GetIdentityChoices() const;

	virtual void OnRegister() override;
	virtual void OnUnregister() override;
	virtual void BeginPlay() override;
	virtual void EndPlay(const EEndPlayReason::Type Reason) override;
	virtual void TickComponent(float DeltaTime, ELevelTick TickType, FActorComponentTickFunction* Tick) override;
#if WITH_EDITOR
	virtual void PostEditChangeProperty(FPropertyChangedEvent& Event) override;
#endif

private:
	bool MakeSettings(facebridge::Settings& Settings, FString& Fault) const;
	void SendFrame();
	void Record(bool bSent);
	void ShowNewest();
	void Show(float DeltaTime);
	void ShowOverlay() const;
	UMaterialInstanceDynamic* FindMaterial();
	const USkeletalMeshComponent* FindMesh() const;
	void End();

	UPROPERTY(Transient)
	TObjectPtr<UTexture2D> Texture;

	UPROPERTY(Transient)
	TObjectPtr<UMaterialInstanceDynamic> Material;

	TSharedPtr<FFaceBridgeFeed> Feed;
	TSharedPtr<FFaceBridgeNames> Names;
	TSharedPtr<FFaceBridgeRecorder> Recorder;
	FString RecordFault;
	facebridge::CurveFrame Frame;
	FFaceBridgeLook AskedLook;
	facebridge::Status Status;
	FString Fault;
	float Opacity = 0.0f;
	bool bWanted = false;
};
