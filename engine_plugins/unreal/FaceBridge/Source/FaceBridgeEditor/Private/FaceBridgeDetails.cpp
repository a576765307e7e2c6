#include "FaceBridgeDetails.h"

#include "DetailCategoryBuilder.h"
#include "DetailLayoutBuilder.h"
#include "DetailWidgetRow.h"
#include "Engine/Engine.h"
#include "FaceBridgeComponent.h"
#include "FaceBridgeFeed.h"
#include "FaceBridgeSettings.h"
#include "FaceBridgeSettingsReader.h"
#include "FaceBridgeSubsystem.h"
#include "Widgets/Input/SButton.h"
#include "Widgets/SBoxPanel.h"
#include "Widgets/Text/STextBlock.h"

#define LOCTEXT_NAMESPACE "FaceBridge"

TSharedRef<IDetailCustomization> FFaceBridgeDetails::MakeInstance()
{
	return MakeShared<FFaceBridgeDetails>();
}

FFaceBridgeDetails::~FFaceBridgeDetails()
{
	if (Trial.IsValid())
	{
		Trial->End();
	}
}

void FFaceBridgeDetails::CustomizeDetails(IDetailLayoutBuilder& Layout)
{
	TArray<TWeakObjectPtr<UObject>> Objects;
	Layout.GetObjectsBeingCustomized(Objects);
	Component = Objects.Num() == 1 ? Cast<UFaceBridgeComponent>(Objects[0].Get()) : nullptr;

	IDetailCategoryBuilder& Category = Layout.EditCategory("FaceBridge", FText::GetEmpty(), ECategoryPriority::Important);
	Category.AddCustomRow(LOCTEXT("Status", "Status")).WholeRowContent()
	[
		SNew(STextBlock)
		.AutoWrapText(true)
		.Text(this, &FFaceBridgeDetails::StatusText)
		.ColorAndOpacity(this, &FFaceBridgeDetails::StatusColour)
	];
	Category.AddCustomRow(LOCTEXT("Buttons", "Connect")).WholeRowContent()
	[
		SNew(SHorizontalBox)
		+ SHorizontalBox::Slot().AutoWidth()
		[SNew(SButton).Text(LOCTEXT("Connect", "Connect")).OnClicked(this, &FFaceBridgeDetails::Connect)]
		+ SHorizontalBox::Slot().AutoWidth()
		[SNew(SButton).Text(LOCTEXT("Disconnect", "Disconnect")).OnClicked(this, &FFaceBridgeDetails::Disconnect)]
		+ SHorizontalBox::Slot().AutoWidth()
		[SNew(SButton).Text(LOCTEXT("Test", "Test connection")).OnClicked(this, &FFaceBridgeDetails::Test)]
	];
	Category.AddCustomRow(LOCTEXT("Result", "Result")).WholeRowContent()
	[
		SNew(STextBlock).AutoWrapText(true).Text(this, &FFaceBridgeDetails::TestText)
	];
}

/** A feed of its own, with the component's look: what it says is what the component would meet. */
FReply FFaceBridgeDetails::Test()
{
	UFaceBridgeSubsystem* Subsystem = GEngine ? GEngine->GetEngineSubsystem<UFaceBridgeSubsystem>() : nullptr;
	facebridge::Settings Settings;
	if (Subsystem == nullptr || !ReadFaceBridgeSettings(*GetDefault<UFaceBridgeSettings>(), Settings, Result))
	{
		return FReply::Handled();
	}
	if (Component.IsValid())
	{
		ReadFaceBridgeLook(Component->Look, Settings);
	}
	if (Trial.IsValid())
	{
		Trial->End();
	}
	Trial = Subsystem->MakeFeed();
	Result = Subsystem->GetLoadFault();
	if (Trial.IsValid())
	{
		Trial->Connect(Settings);
	}
	return FReply::Handled();
}

FReply FFaceBridgeDetails::Connect()
{
	if (Component.IsValid())
	{
		Component->Connect();
	}
	return FReply::Handled();
}

FReply FFaceBridgeDetails::Disconnect()
{
	if (Component.IsValid())
	{
		Component->Disconnect();
	}
	return FReply::Handled();
}

FText FFaceBridgeDetails::StatusText() const
{
	if (!Component.IsValid())
	{
		return FText::GetEmpty();
	}
	const FFaceBridgeStatus Status = Component->GetStatus();
	return FText::FromString(Status.Notice.IsEmpty() ? Status.Text : Status.Text + TEXT("\n") + Status.Notice);
}

FSlateColor FFaceBridgeDetails::StatusColour() const
{
	return FSlateColor(FLinearColor(Component.IsValid() ? Component->GetStatus().Colour : FColor::White));
}

/** The trial ends as soon as it has its answer: it must not keep a place on the server. */
FText FFaceBridgeDetails::TestText() const
{
	if (Trial.IsValid() && Result.IsEmpty())
	{
		facebridge::Status Status;
		Trial->Read(Status);
		const FString Text = UTF8_TO_TCHAR(Status.text.c_str());
		if (Status.state != facebridge::State::streaming && Status.state != facebridge::State::refused)
		{
			return FText::FromString(Text);
		}
		const FString Known = Identities();
		Result = Status.state == facebridge::State::refused ? Text : Text + TEXT(" All is well. Identities:") + Known;
		Trial->Disconnect();
	}
	return FText::FromString(Result);
}

/** Also kept, for the list of identities. */
FString FFaceBridgeDetails::Identities() const
{
	facebridge::Welcome Offer;
	Trial->Read(Offer);
	TArray<FString> Names;
	FString Text;
	for (const std::string& Identity : Offer.identities)
	{
		Names.Add(UTF8_TO_TCHAR(Identity.c_str()));
		Text += TEXT(" ");
		Text += UTF8_TO_TCHAR(Identity.c_str());
	}
	if (UFaceBridgeSubsystem* Subsystem = GEngine ? GEngine->GetEngineSubsystem<UFaceBridgeSubsystem>() : nullptr)
	{
		Subsystem->LastIdentities = Names;
	}
	return Text;
}

#undef LOCTEXT_NAMESPACE
