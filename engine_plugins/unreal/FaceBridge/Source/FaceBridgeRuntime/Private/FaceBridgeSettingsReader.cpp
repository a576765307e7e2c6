#include "FaceBridgeSettingsReader.h"

#include "FaceBridgeSettings.h"
#include "Misc/FileHelper.h"

bool ReadFaceBridgeSettings(const UFaceBridgeSettings& From, facebridge::Settings& To, FString& Fault)
{
	Fault.Reset();
	To.address = TCHAR_TO_UTF8(*From.Address);
	To.keys.server_public = TCHAR_TO_UTF8(*From.ServerKey);
	if (From.SecretKeyFile.IsEmpty())
	{
		return true;
	}
	FString Secret;
	if (!FFileHelper::LoadFileToString(Secret, *From.SecretKeyFile))
	{
		Fault = FString::Printf(TEXT("The key file %s cannot be read; see Project Settings, FaceBridge."), *From.SecretKeyFile);
		return false;
	}
	To.keys.client_secret = TCHAR_TO_UTF8(*Secret.TrimStartAndEnd());
	return true;
}

void ReadFaceBridgeLook(const FFaceBridgeLook& From, facebridge::Settings& To)
{
	To.identity = TCHAR_TO_UTF8(*From.Identity);
	To.size = From.Size;
	To.codec = static_cast<facebridge::Codec>(From.Codec);
	To.steps = From.Steps;
	To.expression_scale = From.ExpressionScale;
	To.reference_scale = From.ReferenceScale;
	To.seed = From.Seed;
	To.light = {From.bLight, From.Light.X, From.Light.Y};
	To.backdrop = TCHAR_TO_UTF8(*From.Backdrop);
}

FFaceBridgeStatus ToBlueprint(const facebridge::Status& Status)
{
	const facebridge::Colour Colour = facebridge::status_colour(Status);
	FFaceBridgeStatus Out;
	Out.State = static_cast<EFaceBridgeState>(Status.state);
	Out.Text = UTF8_TO_TCHAR(Status.text.c_str());
	Out.Notice = UTF8_TO_TCHAR(Status.notice.c_str());
	Out.Colour = FColor(Colour.red, Colour.green, Colour.blue);
	Out.Fps = static_cast<float>(Status.fps);
	Out.Latency = static_cast<float>(Status.latency.total);
	Out.Transport = static_cast<float>(Status.latency.transport);
	Out.Wait = static_cast<float>(Status.latency.wait);
	Out.Generate = static_cast<float>(Status.latency.generate);
	Out.Encode = static_cast<float>(Status.latency.encode);
	Out.Dropped = Status.dropped;
	Out.Repeated = Status.repeated;
	return Out;
}
