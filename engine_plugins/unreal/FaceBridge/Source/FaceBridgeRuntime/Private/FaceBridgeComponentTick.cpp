// What the component does in each frame of the engine.
#include "FaceBridgeComponent.h"

#include "Components/PrimitiveComponent.h"
#include "Components/SkeletalMeshComponent.h"
#include "Engine/Engine.h"
#include "Engine/Texture2D.h"
#include "FaceBridgeCurveSources.h"
#include "FaceBridgeFeed.h"
#include "FaceBridgeRecorder.h"
#include "FaceBridgeSettingsReader.h"
#include "FaceBridgeTexture.h"
#include "GameFramework/Actor.h"
#include "Materials/MaterialInstanceDynamic.h"

void UFaceBridgeComponent::TickComponent(float DeltaTime, ELevelTick TickType, FActorComponentTickFunction* Tick)
{
	Super::TickComponent(DeltaTime, TickType, Tick);
	if (!Feed.IsValid())
	{
		return;
	}
	if (bWanted && !(Look == AskedLook))
	{
		Connect(); // a script has set it; the client finds out what has changed and asks for that alone
	}
	SendFrame();
	Feed->Read(Status);
	ShowNewest();
	Show(DeltaTime);
	if (bOverlay)
	{
		ShowOverlay();
	}
}

void UFaceBridgeComponent::SendFrame()
{
	bool bFound = Source == EFaceBridgeSource::Script;
	if (Source == EFaceBridgeSource::LiveLink)
	{
		bFound = ReadLiveLink(LiveLinkSubject, *Names, Frame);
	}
	else if (Source == EFaceBridgeSource::Mesh)
	{
		const USkeletalMeshComponent* Mesh = FindMesh();
		bFound = Mesh != nullptr && ReadMorphTargets(*Mesh, bPercent ? 0.01f : 1.0f, *Names, Frame);
	}
	if (bFound)
	{
		Frame.captured = facebridge::clock_now();
		Feed->Put(Frame);
	}
	Record(bFound);
}

void UFaceBridgeComponent::Record(bool bSent)
{
	if (!bRecord)
	{
		Recorder->End();
		return;
	}
	const bool bFlame = Source == EFaceBridgeSource::Script && Basis == EFaceBridgeBasis::Flame;
	RecordFault.Reset();
	if (bFlame)
	{
		RecordFault = TEXT("Not recorded: a take holds ARKit's curves, no FLAME parameters.");
	}
	else if (bSent && !Recorder->Write(RecordFolder, Frame))
	{
		RecordFault = FString::Printf(TEXT("Not recorded: %s cannot be written."), *Recorder->GetPath());
	}
	if (!RecordFault.IsEmpty())
	{
		bRecord = false;
		Recorder->End();
	}
}

void UFaceBridgeComponent::ShowNewest()
{
	TUniquePtr<FFaceBridgePixels> Pixels = Feed->GetPictures()->TakeNewest();
	if (!Pixels.IsValid())
	{
		return;
	}
	const bool bFits = Texture && Texture->GetSizeX() == Pixels->Width && Texture->GetSizeY() == Pixels->Height;
	if (!bFits)
	{
		Texture = MakeFaceBridgeTexture(Pixels->Width, Pixels->Height);
	}
	if (!Texture)
	{
		return;
	}
	const int64 Sequence = Pixels->Sequence;
	const FString Timecode = Pixels->Timecode;
	UploadFaceBridgePixels(*Texture, MoveTemp(Pixels), Feed->GetPictures());
	if (UMaterialInstanceDynamic* Shown = FindMaterial())
	{
		Shown->SetTextureParameterValue(TextureParameter, Texture);
	}
	OnPicture.Broadcast(Texture, Sequence, Timecode);
}

void UFaceBridgeComponent::Show(float DeltaTime)
{
	const bool bStreaming = Status.state == facebridge::State::streaming && Texture;
	const float Target = bStreaming || (bHoldLastPicture && Texture) ? 1.0f : 0.0f;
	Opacity = FMath::FInterpConstantTo(Opacity, Target, DeltaTime, 1.0f / FMath::Max(FadeSeconds, 0.01f));
	if (UMaterialInstanceDynamic* Shown = FindMaterial())
	{
		Shown->SetScalarParameterValue(OpacityParameter, Opacity);
	}
}

void UFaceBridgeComponent::ShowOverlay() const
{
	if (GEngine == nullptr)
	{
		return;
	}
	const FFaceBridgeStatus Now = GetStatus();
	const FString Said = Now.Notice.IsEmpty() ? Now.Text : Now.Text + TEXT("\n") + Now.Notice;
	const FString Text = FString::Printf(
		TEXT("%s\n%.0f ms (transport %.0f, wait %.0f, generate %.0f, encode %.0f)  %.0f fps  dropped %lld  repeated %lld"),
		*Said, Now.Latency, Now.Transport, Now.Wait, Now.Generate, Now.Encode, Now.Fps, Now.Dropped, Now.Repeated);
	GEngine->AddOnScreenDebugMessage(static_cast<uint64>(GetUniqueID()), 0.5f, Now.Colour, Text);
}

/** A material of our own on the slot, made once: the actor's other materials stay as they are. */
UMaterialInstanceDynamic* UFaceBridgeComponent::FindMaterial()
{
	const AActor* Owner = GetOwner();
	if (Material || Owner == nullptr || ScreenComponent.IsNone())
	{
		return Material;
	}
	TArray<UPrimitiveComponent*> Candidates;
	Owner->GetComponents(Candidates);
	for (UPrimitiveComponent* Candidate : Candidates)
	{
		if (Candidate->GetFName() == ScreenComponent && MaterialSlot < Candidate->GetNumMaterials())
		{
			Material = Candidate->CreateDynamicMaterialInstance(MaterialSlot);
		}
	}
	return Material;
}

const USkeletalMeshComponent* UFaceBridgeComponent::FindMesh() const
{
	const AActor* Owner = GetOwner();
	return Owner ? Owner->FindComponentByClass<USkeletalMeshComponent>() : nullptr;
}
