#include "FaceBridgeRecorder.h"

#include "HAL/FileManager.h"
#include "Misc/DateTime.h"
#include "Misc/Paths.h"

bool FFaceBridgeRecorder::Write(const FString& Folder, const facebridge::CurveFrame& Frame)
{
	check(IsInGameThread());
	if (!File.IsValid() && !Begin(Folder))
	{
		return false;
	}
	facebridge::take_line(FDateTime::Now().GetTimeOfDay().GetTotalSeconds(), Frame, Line);
	return Put(Line);
}

void FFaceBridgeRecorder::End()
{
	File.Reset();
}

/** The file manager makes the folder where it is missing. */
bool FFaceBridgeRecorder::Begin(const FString& Folder)
{
	const FString Into = Folder.IsEmpty() ? FPaths::Combine(FPaths::ProjectSavedDir(), TEXT("FaceBridge")) : Folder;
	const FString Name = FDateTime::Now().ToString(TEXT("take %Y-%m-%d %H-%M-%S.%s")) + TEXT(".csv");
	Path = FPaths::Combine(Into, Name);
	File.Reset(IFileManager::Get().CreateFileWriter(*Path));
	return File.IsValid() && Put(facebridge::take_header());
}

bool FFaceBridgeRecorder::Put(const std::string& Text)
{
	File->Serialize(const_cast<char*>(Text.data()), static_cast<int64>(Text.size())); // an archive for writing only reads it
	return !File->IsError();
}
