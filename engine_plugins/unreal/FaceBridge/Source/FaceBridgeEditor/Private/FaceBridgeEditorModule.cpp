#include "FaceBridgeDetails.h"
#include "FaceBridgeComponent.h"
#include "Modules/ModuleManager.h"
#include "PropertyEditorModule.h"

/** Puts the panel on the component's details, and takes it off again. */
class FFaceBridgeEditorModule final : public IModuleInterface
{
public:
	virtual void StartupModule() override
	{
		FPropertyEditorModule& Editor = FModuleManager::LoadModuleChecked<FPropertyEditorModule>("PropertyEditor");
		Editor.RegisterCustomClassLayout(
			UFaceBridgeComponent::StaticClass()->GetFName(),
			FOnGetDetailCustomizationInstance::CreateStatic(&FFaceBridgeDetails::MakeInstance));
	}

	virtual void ShutdownModule() override
	{
		if (FPropertyEditorModule* Editor = FModuleManager::GetModulePtr<FPropertyEditorModule>("PropertyEditor"))
		{
			Editor->UnregisterCustomClassLayout(TEXT("FaceBridgeComponent"));
		}
	}
};

IMPLEMENT_MODULE(FFaceBridgeEditorModule, FaceBridgeEditor)
