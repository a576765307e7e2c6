#include "FaceBridgeSubsystem.h"

#include "FaceBridgeFeed.h"
#include "HAL/FileManager.h"
#include "HAL/PlatformProcess.h"
#include "Interfaces/IPluginManager.h"
#include "Misc/Paths.h"

namespace
{
	void* Symbol(void* Library, const char* Name)
	{
		return FPlatformProcess::GetDllExport(Library, ANSI_TO_TCHAR(Name));
	}

	FString LibraryFolder()
	{
		const TSharedPtr<IPlugin> Plugin = IPluginManager::Get().FindPlugin(TEXT("FaceBridge"));
		const FString Base = Plugin.IsValid() ? Plugin->GetBaseDir() : FString();
#if PLATFORM_WINDOWS
		const TCHAR* Platform = TEXT("Win64");
#elif PLATFORM_MAC
		const TCHAR* Platform = TEXT("Mac");
#else
		const TCHAR* Platform = TEXT("Linux");
#endif
		return FPaths::Combine(Base, TEXT("Binaries/ThirdParty/libzmq"), Platform);
	}
}

void UFaceBridgeSubsystem::Initialize(FSubsystemCollectionBase& Collection)
{
	Super::Initialize(Collection);
	Load();
}

/** libzmq's companions, such as libsodium, first: the loader of Windows does not look beside the library itself. */
void UFaceBridgeSubsystem::Load()
{
	const FString Folder = LibraryFolder();
	TArray<FString> Files;
	IFileManager::Get().FindFiles(Files, *FPaths::Combine(Folder, TEXT("*")), true, false);
	FString Main;
	FPlatformProcess::PushDllDirectory(*Folder);
	for (const FString& File : Files)
	{
		const FString Path = FPaths::Combine(Folder, File);
		if (File.Contains(TEXT("libzmq")))
		{
			Main = Path;
		}
		else if (File.Contains(TEXT(".dll")) || File.Contains(TEXT(".so")) || File.Contains(TEXT(".dylib")))
		{
			Companions.Add(FPlatformProcess::GetDllHandle(*Path));
		}
	}
	Library = Main.IsEmpty() ? nullptr : FPlatformProcess::GetDllHandle(*Main);
	FPlatformProcess::PopDllDirectory(*Folder);
	if (Library == nullptr)
	{
		LoadFault = FString::Printf(TEXT("libzmq is missing in %s; run fetch_natives.py in the plugin's folder."), *Folder);
		return;
	}
	LoadFault = UTF8_TO_TCHAR(Api.load(&Symbol, Library).c_str());
}

void UFaceBridgeSubsystem::Deinitialize()
{
	for (const TWeakPtr<FFaceBridgeFeed>& Feed : Feeds)
	{
		if (const TSharedPtr<FFaceBridgeFeed> Pinned = Feed.Pin())
		{
			Pinned->End();
		}
	}
	Feeds.Empty();
	// The libraries stay: a feed that somebody still holds has its context in them.
	Super::Deinitialize();
}

TSharedPtr<FFaceBridgeFeed> UFaceBridgeSubsystem::MakeFeed()
{
	check(IsInGameThread());
	if (!LoadFault.IsEmpty())
	{
		return nullptr;
	}
	Feeds.RemoveAll([](const TWeakPtr<FFaceBridgeFeed>& Feed) { return !Feed.IsValid(); });
	TSharedPtr<FFaceBridgeFeed> Feed = MakeShared<FFaceBridgeFeed>(Api);
	Feeds.Add(Feed);
	return Feed;
}
