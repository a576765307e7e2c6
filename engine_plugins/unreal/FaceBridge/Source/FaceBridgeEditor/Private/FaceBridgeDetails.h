#pragma once

#include "CoreMinimal.h"
#include "IDetailCustomization.h"
#include "Input/Reply.h"
#include "Styling/SlateColor.h"

class FFaceBridgeFeed;
class UFaceBridgeComponent;

/** The component's details: status in words and colour, the server's identities, and a test of the connection. */
class FFaceBridgeDetails final : public IDetailCustomization
{
public:
	static TSharedRef<IDetailCustomization> MakeInstance();
	virtual ~FFaceBridgeDetails() override;
	using IDetailCustomization::CustomizeDetails;
	virtual void CustomizeDetails(IDetailLayoutBuilder& Layout) override;

private:
	FReply Test();
	FReply Connect();
	FReply Disconnect();
	FText StatusText() const;
	FSlateColor StatusColour() const;
	FText TestText() const;
	FString Identities() const;

	TWeakObjectPtr<UFaceBridgeComponent> Component;
	TSharedPtr<FFaceBridgeFeed> Trial;
	mutable FString Result; // of the last test; empty while it is under way
};
