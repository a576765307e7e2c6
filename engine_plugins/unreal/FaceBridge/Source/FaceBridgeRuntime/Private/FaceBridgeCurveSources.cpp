#include "FaceBridgeCurveSources.h"

#include "Components/SkeletalMeshComponent.h"
#include "Engine/SkeletalMesh.h"
#include "Animation/MorphTarget.h"
#include "Features/IModularFeatures.h"
#include "FaceBridge/Spelling.h"
#include "ILiveLinkClient.h"
#include "LiveLinkTypes.h"
#include "Roles/LiveLinkBasicRole.h"
#include "Roles/LiveLinkBasicTypes.h"

namespace
{
	constexpr int32 HeadYaw = 52;
	constexpr int32 HeadPitch = 53;
	constexpr int32 HeadRoll = 54;
}

int32 FFaceBridgeNames::Find(FName Name)
{
	if (const int32* Known = Places.Find(Name))
	{
		return *Known;
	}
	const int32 Place = facebridge::spelt_curve(facebridge::Basis::arkit55, TCHAR_TO_UTF8(*Name.ToString()));
	Places.Add(Name, Place);
	return Place;
}

bool ReadMorphTargets(const USkeletalMeshComponent& Mesh, float Scale, FFaceBridgeNames& Names, facebridge::CurveFrame& Frame)
{
	const USkeletalMesh* Asset = Mesh.GetSkeletalMeshAsset();
	if (Asset == nullptr)
	{
		return false;
	}
	bool bFound = false;
	for (const UMorphTarget* Target : Asset->GetMorphTargets())
	{
		const int32 Place = Target ? Names.Find(Target->GetFName()) : INDEX_NONE;
		if (Place != INDEX_NONE)
		{
			// What an animation drives stands in the curves of the animation, what a script sets in the morph targets.
			float Value = Mesh.GetMorphTarget(Target->GetFName());
			float Driven = 0.0f;
			if (const UAnimInstance* Animation = Mesh.GetAnimInstance())
			{
				Driven = Animation->GetCurveValue(Target->GetFName());
			}
			Value = FMath::Abs(Driven) > FMath::Abs(Value) ? Driven : Value;
			Frame.floats[Place] = Value * Scale;
			bFound = true;
		}
	}
	return bFound;
}

bool ReadLiveLink(FName Subject, FFaceBridgeNames& Names, facebridge::CurveFrame& Frame)
{
	IModularFeatures& Features = IModularFeatures::Get();
	if (!Features.IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
	{
		return false;
	}
	ILiveLinkClient& Client = Features.GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName);
	FLiveLinkSubjectFrameData Data;
	if (!Client.EvaluateFrame_AnyThread(FLiveLinkSubjectName(Subject), ULiveLinkBasicRole::StaticClass(), Data))
	{
		return false;
	}
	const FLiveLinkBaseStaticData* Static = Data.StaticData.Cast<FLiveLinkBaseStaticData>();
	const FLiveLinkBaseFrameData* Values = Data.FrameData.Cast<FLiveLinkBaseFrameData>();
	if (Static == nullptr || Values == nullptr)
	{
		return false;
	}
	const int32 Count = FMath::Min(Static->PropertyNames.Num(), Values->PropertyValues.Num());
	for (int32 Index = 0; Index < Count; ++Index)
	{
		const int32 Place = Names.Find(Static->PropertyNames[Index]);
		if (Place != INDEX_NONE)
		{
			Frame.floats[Place] = Values->PropertyValues[Index];
		}
	}
	const FQualifiedFrameTime& Time = Values->MetaData.SceneTime;
	const FTimecode Timecode = FTimecode::FromFrameNumber(Time.Time.FrameNumber, Time.Rate);
	Frame.timecode = TCHAR_TO_UTF8(*Timecode.ToString());
	return Count > 0;
}

void SetHead(const FRotator& Head, facebridge::CurveFrame& Frame)
{
	// Unreal's pitch is + upwards and its roll + to the head's own right; its yaw turns to the right, as the wire's does.
	Frame.floats[HeadYaw] = FMath::DegreesToRadians(static_cast<float>(Head.Yaw));
	Frame.floats[HeadPitch] = -FMath::DegreesToRadians(static_cast<float>(Head.Pitch));
	Frame.floats[HeadRoll] = -FMath::DegreesToRadians(static_cast<float>(Head.Roll));
}
