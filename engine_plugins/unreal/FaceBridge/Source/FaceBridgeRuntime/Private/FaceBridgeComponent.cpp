#include "FaceBridgeComponent.h"

#include "Components/PrimitiveComponent.h"
#include "Components/SkeletalMeshComponent.h"
#include "Engine/Engine.h"
#include "Engine/Texture2D.h"
#include "Engine/World.h"
#include "FaceBridgeCurveSources.h"
#include "FaceBridgeFeed.h"
#include "FaceBridgeRecorder.h"
#include "FaceBridgeSettings.h"
#include "FaceBridgeSettingsReader.h"
#include "FaceBridgeSubsystem.h"
#include "FaceBridgeTexture.h"
#include "GameFramework/Actor.h"
#include "Materials/MaterialInstanceDynamic.h"
#include "Modules/ModuleManager.h"

UFaceBridgeComponent::UFaceBridgeComponent()
{
	PrimaryComponentTick.bCanEverTick = true;
	PrimaryComponentTick.bTickEvenWhenPaused = true; // a paused game goes on answering the server
	PrimaryComponentTick.TickGroup = TG_PostUpdateWork; // after the animation of the frame
	bTickInEditor = true;
}

void UFaceBridgeComponent::OnRegister()
{
	Super::OnRegister();
	Names = MakeShared<FFaceBridgeNames>();
	Recorder = MakeShared<FFaceBridgeRecorder>();
	const UWorld* World = GetWorld();
	if (bInEditor && World != nullptr && !World->IsGameWorld())
	{
		Connect();
	}
}

/** Also when a level closes, a Blueprint is compiled, or the editor's world gives way to that of play. */
void UFaceBridgeComponent::OnUnregister()
{
	End();
	Super::OnUnregister();
}

void UFaceBridgeComponent::BeginPlay()
{
	Super::BeginPlay();
	if (bConnectOnPlay)
	{
		Connect();
	}
}

void UFaceBridgeComponent::EndPlay(const EEndPlayReason::Type Reason)
{
	End();
	Super::EndPlay(Reason);
}

void UFaceBridgeComponent::Connect()
{
	check(IsInGameThread());
	AskedLook = Look;
	UFaceBridgeSubsystem* Subsystem = GEngine ? GEngine->GetEngineSubsystem<UFaceBridgeSubsystem>() : nullptr;
	facebridge::Settings Settings;
	if (Subsystem == nullptr || !MakeSettings(Settings, Fault))
	{
		return;
	}
	if (!Feed.IsValid())
	{
		FModuleManager::Get().LoadModule(TEXT("ImageWrapper")); // for the feed's thread, which must not load modules
		Feed = Subsystem->MakeFeed();
		Fault = Subsystem->GetLoadFault();
	}
	if (Feed.IsValid())
	{
		bWanted = true;
		Feed->Connect(Settings);
	}
}

void UFaceBridgeComponent::Disconnect()
{
	check(IsInGameThread());
	bWanted = false;
	if (Feed.IsValid())
	{
		Feed->Disconnect();
	}
}

void UFaceBridgeComponent::End()
{
	bWanted = false;
	if (Feed.IsValid())
	{
		Feed->End();
		Feed.Reset();
	}
	if (Recorder.IsValid())
	{
		Recorder->End();
	}
	Material = nullptr;
	Opacity = 0.0f;
}

bool UFaceBridgeComponent::MakeSettings(facebridge::Settings& Settings, FString& OutFault) const
{
	if (!ReadFaceBridgeSettings(*GetDefault<UFaceBridgeSettings>(), Settings, OutFault))
	{
		return false;
	}
	const bool bFlame = Source == EFaceBridgeSource::Script && Basis == EFaceBridgeBasis::Flame;
	Settings.basis = bFlame ? facebridge::Basis::flame55 : facebridge::Basis::arkit55;
	Settings.subject = TCHAR_TO_UTF8(*Subject);
	ReadFaceBridgeLook(Look, Settings);
	return true;
}

bool UFaceBridgeComponent::SetCurve(FName Name, float Value)
{
	const bool bFlame = Basis == EFaceBridgeBasis::Flame;
	const int32 Place = bFlame
		? facebridge::curve_index(facebridge::Basis::flame55, TCHAR_TO_UTF8(*Name.ToString()))
		: (Names.IsValid() ? Names->Find(Name) : INDEX_NONE);
	if (Place == INDEX_NONE)
	{
		return false;
	}
	Frame.floats[Place] = Value;
	return true;
}

int32 UFaceBridgeComponent::SetCurves(const TMap<FName, float>& Values)
{
	int32 Known = 0;
	for (const TPair<FName, float>& Value : Values)
	{
		Known += SetCurve(Value.Key, Value.Value) ? 1 : 0;
	}
	return Known;
}

void UFaceBridgeComponent::SetHeadRotation(FRotator Head)
{
	SetHead(Head, Frame);
}

void UFaceBridgeComponent::SetTimecode(const FString& Timecode)
{
	Frame.timecode = TCHAR_TO_UTF8(*Timecode);
}

FString UFaceBridgeComponent::GetRecordPath() const
{
	return Recorder.IsValid() ? Recorder->GetPath() : FString();
}

TArray<FString> UFaceBridgeComponent::GetIdentities() const
{
	TArray<FString> Identities;
	if (Feed.IsValid())
	{
		facebridge::Welcome Offer;
		Feed->Read(Offer);
		for (const std::string& Identity : Offer.identities)
		{
			Identities.Add(UTF8_TO_TCHAR(Identity.c_str()));
		}
	}
	return Identities;
}

TArray<FString> UFaceBridgeComponent::GetIdentityChoices() const
{
	const UFaceBridgeSubsystem* Subsystem = GEngine ? GEngine->GetEngineSubsystem<UFaceBridgeSubsystem>() : nullptr;
	TArray<FString> Choices = GetIdentities();
	if (Choices.Num() == 0 && Subsystem != nullptr)
	{
		Choices = Subsystem->LastIdentities;
	}
	Choices.AddUnique(FString());
	Choices.AddUnique(Look.Identity);
	return Choices;
}

FFaceBridgeStatus UFaceBridgeComponent::GetStatus() const
{
	FFaceBridgeStatus Out = ToBlueprint(Status);
	if (!RecordFault.IsEmpty())
	{
		Out.Notice = RecordFault;
	}
	if (!Fault.IsEmpty())
	{
		Out.State = EFaceBridgeState::Refused;
		Out.Text = Fault;
		Out.Colour = FColor(224, 49, 49);
	}
	return Out;
}

#if WITH_EDITOR
void UFaceBridgeComponent::PostEditChangeProperty(FPropertyChangedEvent& Event)
{
	Super::PostEditChangeProperty(Event);
	if (bWanted)
	{
		Connect(); // the client finds out what has changed and asks for that alone
	}
}
#endif
