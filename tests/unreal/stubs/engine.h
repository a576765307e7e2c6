// Declarations of the engine's own classes, Live Link, image decoding and the editor that the plugin uses.
#pragma once

#include "core.h"

enum EPixelFormat { PF_B8G8R8A8 };
enum TextureAddress { TA_Clamp };
class UTexture : public UObject {
public:
    uint8 SRGB : 1;
    uint8 NeverStream : 1;
    void UpdateResource();
    FTextureResource* GetResource();
};
class UTexture2D : public UTexture {
public:
    TextureAddress AddressX, AddressY;
    int32 GetSizeX() const;
    int32 GetSizeY() const;
    static UTexture2D* CreateTransient(int32, int32, EPixelFormat = PF_B8G8R8A8);
};
class UMaterialInstanceDynamic : public UObject {
public:
    void SetTextureParameterValue(FName, UTexture*);
    void SetScalarParameterValue(FName, float);
};

class UWorld : public UObject {
public:
    bool IsGameWorld() const;
};
class AActor : public UObject {
public:
    template <class T>
    T* FindComponentByClass() const;
    template <class T>
    void GetComponents(TArray<T*>&) const;
};
enum ELevelTick { LEVELTICK_All };
enum ETickingGroup { TG_PrePhysics, TG_PostUpdateWork };
namespace EEndPlayReason { enum Type { Destroyed }; }
struct FActorComponentTickFunction {
    bool bCanEverTick, bTickEvenWhenPaused;
    ETickingGroup TickGroup;
};
class UActorComponent : public UObject {
public:
    FActorComponentTickFunction PrimaryComponentTick;
    bool bTickInEditor;
    AActor* GetOwner() const;
    virtual void OnRegister();
    virtual void OnUnregister();
    virtual void BeginPlay();
    virtual void EndPlay(const EEndPlayReason::Type);
    virtual void TickComponent(float, ELevelTick, FActorComponentTickFunction*);
};
class UPrimitiveComponent : public UActorComponent {
public:
    virtual int32 GetNumMaterials() const;
    virtual UMaterialInstanceDynamic* CreateDynamicMaterialInstance(int32, class UMaterialInterface* = nullptr, FName = FName());
};
class UMorphTarget : public UObject {};
class UAnimInstance : public UObject {
public:
    float GetCurveValue(FName) const;
};
class USkeletalMesh : public UObject {
public:
    TArray<TObjectPtr<UMorphTarget>>& GetMorphTargets();
    const TArray<TObjectPtr<UMorphTarget>>& GetMorphTargets() const;
};
class USkeletalMeshComponent : public UPrimitiveComponent {
public:
    USkeletalMesh* GetSkeletalMeshAsset() const;
    float GetMorphTarget(FName) const;
    UAnimInstance* GetAnimInstance() const;
};
class FSubsystemCollectionBase {};
class UEngineSubsystem : public UObject {
public:
    virtual void Initialize(FSubsystemCollectionBase&);
    virtual void Deinitialize();
};
class UDeveloperSettings : public UObject {
public:
    virtual FName GetCategoryName() const;
};
class UEngine : public UObject {
public:
    template <class T>
    T* GetEngineSubsystem() const;
    void AddOnScreenDebugMessage(uint64, float, FColor, const FString&);
};
extern UEngine* GEngine;

enum class EImageFormat { JPEG };
enum class ERGBFormat { BGRA };
class IImageWrapper {
public:
    virtual bool SetCompressed(const void*, int64) = 0;
    virtual int64 GetWidth() const = 0;
    virtual int64 GetHeight() const = 0;
    virtual bool GetRaw(ERGBFormat, int32, TArray64<uint8>&) = 0;
};
class IImageWrapperModule : public IModuleInterface {
public:
    virtual TSharedPtr<IImageWrapper> CreateImageWrapper(EImageFormat) = 0;
};

struct FFrameNumber {};
struct FFrameRate {};
struct FFrameTime {
    FFrameNumber FrameNumber;
};
struct FQualifiedFrameTime {
    FFrameTime Time;
    FFrameRate Rate;
};
struct FTimecode {
    static FTimecode FromFrameNumber(const FFrameNumber&, const FFrameRate&);
    FString ToString() const;
};
struct FLiveLinkMetaData {
    FQualifiedFrameTime SceneTime;
};
struct FLiveLinkBaseStaticData {
    TArray<FName> PropertyNames;
};
struct FLiveLinkBaseFrameData {
    FLiveLinkMetaData MetaData;
    TArray<float> PropertyValues;
};
struct FLiveLinkStaticDataStruct {
    template <class T>
    T* Cast();
};
using FLiveLinkFrameDataStruct = FLiveLinkStaticDataStruct;
struct FLiveLinkSubjectFrameData {
    FLiveLinkStaticDataStruct StaticData;
    FLiveLinkFrameDataStruct FrameData;
};
struct FLiveLinkSubjectName {
    FLiveLinkSubjectName(FName);
};
class ULiveLinkRole : public UObject {};
class ULiveLinkBasicRole : public ULiveLinkRole {
public:
    static UClass* StaticClass();
};
class ILiveLinkClient {
public:
    static const FName ModularFeatureName;
    virtual bool EvaluateFrame_AnyThread(FLiveLinkSubjectName, TSubclassOf<ULiveLinkRole>, FLiveLinkSubjectFrameData&) = 0;
};

// The editor's panels. Slate's declarative syntax is reduced to what the plugin writes.
class FReply {
public:
    static FReply Handled();
};
class FSlateColor {
public:
    explicit FSlateColor(const FLinearColor&);
};
class SWidget {};
template <class Widget>
struct FSlateStub {
    template <class Owner>
    FSlateStub& Text(Owner*, FText (Owner::*)() const);
    FSlateStub& Text(const FText&);
    template <class Owner>
    FSlateStub& ColorAndOpacity(Owner*, FSlateColor (Owner::*)() const);
    FSlateStub& AutoWrapText(bool);
    template <class Owner>
    FSlateStub& OnClicked(Owner*, FReply (Owner::*)());
    FSlateStub& AutoWidth();
    template <class Content>
    FSlateStub& operator[](Content&&);
    template <class Slot>
    FSlateStub& operator+(Slot&&);
};
class STextBlock {};
class SButton {};
class SHorizontalBox {
public:
    static FSlateStub<SHorizontalBox> Slot();
};
#define SNew(Widget) FSlateStub<Widget>()
class FDetailWidgetRow {
public:
    FDetailWidgetRow& WholeRowContent();
    template <class Content>
    FDetailWidgetRow& operator[](Content&&);
};
namespace ECategoryPriority { enum Type { Important }; }
class IDetailCategoryBuilder {
public:
    FDetailWidgetRow& AddCustomRow(const FText&);
};
class IDetailLayoutBuilder {
public:
    void GetObjectsBeingCustomized(TArray<TWeakObjectPtr<UObject>>&) const;
    IDetailCategoryBuilder& EditCategory(FName, const FText&, ECategoryPriority::Type);
    IDetailCategoryBuilder& EditCategory(const char*, const FText&, ECategoryPriority::Type);
};
class IDetailCustomization {
public:
    virtual ~IDetailCustomization() = default;
    virtual void CustomizeDetails(IDetailLayoutBuilder&) = 0;
};
class FOnGetDetailCustomizationInstance {
public:
    static FOnGetDetailCustomizationInstance CreateStatic(TSharedRef<IDetailCustomization> (*)());
};
class FPropertyEditorModule : public IModuleInterface {
public:
    void RegisterCustomClassLayout(FName, FOnGetDetailCustomizationInstance);
    void UnregisterCustomClassLayout(FName);
};
