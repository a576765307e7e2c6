// Declarations of Unreal's Core, CoreUObject and rendering that the plugin uses, in the shape that 5.5 to 5.7 give them.
// Enough for a compiler to find wrong names, types and arguments; nothing here runs.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

using int32 = std::int32_t;
using int64 = std::int64_t;
using uint8 = std::uint8_t;
using uint32 = std::uint32_t;
using uint64 = std::uint64_t;
using TCHAR = char16_t;
constexpr int32 INDEX_NONE = -1;

#define TEXT(text) u##text
#define check(expression) do { if (!(expression)) std::abort(); } while (false)
#define IMPLEMENT_MODULE(Class, Name) static Class Name##Instance;
#define PLATFORM_WINDOWS 0
#define PLATFORM_MAC 0
#define WITH_EDITOR 1
#define FACEBRIDGERUNTIME_API
#define UENUM(...)
#define USTRUCT(...)
#define UCLASS(...)
#define UPROPERTY(...)
#define UFUNCTION(...)
#define GENERATED_BODY()
#define LOCTEXT(key, text) FText()

const TCHAR* ANSI_TO_TCHAR(const char*);
const TCHAR* UTF8_TO_TCHAR(const char*);
const char* TCHAR_TO_UTF8(const TCHAR*);

bool IsInGameThread();
bool IsInRenderingThread();

template <class T>
std::remove_reference_t<T>&& MoveTemp(T&& value) { return static_cast<std::remove_reference_t<T>&&>(value); }
template <class T>
void Swap(T& a, T& b) { std::swap(a, b); }

class FString {
public:
    FString() = default;
    FString(const TCHAR*);
    const TCHAR* operator*() const;
    bool IsEmpty() const;
    void Reset();
    bool Contains(const TCHAR*) const;
    FString TrimStartAndEnd() const;
    FString& operator+=(const FString&);
    template <class... Values>
    static FString Printf(const TCHAR*, Values...);
    friend FString operator+(const FString&, const FString&);
    friend bool operator==(const FString&, const FString&);
};

class FName {
public:
    FName() = default;
    FName(const TCHAR*);
    FString ToString() const;
    bool IsNone() const;
    bool operator==(const FName&) const;
};

class FText {
public:
    static FText FromString(const FString&);
    static FText GetEmpty();
};

struct FColor {
    static const FColor White;
    uint8 B, G, R, A;
    FColor(uint8 red, uint8 green, uint8 blue, uint8 alpha = 255);
};
struct FLinearColor {
    explicit FLinearColor(const FColor&);
};
struct FVector2D {
    static const FVector2D ZeroVector;
    double X, Y;
    bool operator==(const FVector2D&) const;
};
struct FRotator {
    double Pitch, Yaw, Roll;
};
struct FMath {
    static float Abs(float);
    template <class T>
    static T Min(T, T);
    template <class T>
    static T Max(T, T);
    static float DegreesToRadians(float);
    static float FInterpConstantTo(float, float, float, float);
};

template <class T>
class TArray {
public:
    int32 Num() const;
    T& operator[](int32);
    const T& operator[](int32) const;
    void Add(const T&);
    void Add(T&&);
    int32 AddUnique(const T&);
    T Pop();
    void Empty();
    template <class Predicate>
    int32 RemoveAll(const Predicate& predicate) {
        return predicate((*this)[0]) ? 1 : 0;
    }
    const T* begin() const;
    const T* end() const;
    T* begin();
    T* end();
};
template <class T>
class TArray64 {
public:
    void SetNumUninitialized(int64);
    T* GetData();
};
template <class K, class V>
struct TPair {
    K Key;
    V Value;
};
template <class K, class V>
class TMap {
public:
    const V* Find(const K&) const;
    void Add(const K&, const V&);
    const TPair<K, V>* begin() const;
    const TPair<K, V>* end() const;
};

template <class T>
class TUniquePtr : public std::unique_ptr<T> {
public:
    using std::unique_ptr<T>::unique_ptr;
    bool IsValid() const;
    void Reset(T* = nullptr);
};
template <class T, class... A>
TUniquePtr<T> MakeUnique(A&&...);

enum class ESPMode { NotThreadSafe, ThreadSafe };
template <class T, ESPMode = ESPMode::ThreadSafe>
class TSharedRef {
public:
    T* operator->() const;
    T& operator*() const;
    template <class U>
    TSharedRef(const TSharedRef<U>&);
    TSharedRef(const TSharedRef&) = default;
};
template <class T, ESPMode = ESPMode::ThreadSafe>
class TSharedPtr {
public:
    TSharedPtr() = default;
    TSharedPtr(std::nullptr_t);
    template <class U>
    TSharedPtr(const TSharedRef<U>&);
    bool IsValid() const;
    explicit operator bool() const;
    void Reset();
    T* operator->() const;
    T& operator*() const;
};
template <class T, ESPMode = ESPMode::ThreadSafe>
class TWeakPtr {
public:
    TWeakPtr(const TSharedPtr<T>&);
    TSharedPtr<T> Pin() const;
    bool IsValid() const;
};
template <class T, ESPMode Mode = ESPMode::ThreadSafe, class... A>
TSharedRef<T, Mode> MakeShared(A&&... arguments) {
    (void)sizeof(T(std::forward<A>(arguments)...));
    std::abort();
}

class UClass;
class UObject {
public:
    FName GetFName() const;
    uint32 GetUniqueID() const;
    class UWorld* GetWorld() const;
    virtual ~UObject() = default;
    virtual void PostEditChangeProperty(struct FPropertyChangedEvent&);
};
class UClass : public UObject {};
template <class T>
T* Cast(UObject*);
template <class T>
const T* GetDefault();
template <class T>
class TSubclassOf {
public:
    TSubclassOf(UClass*);
};
template <class T>
class TObjectPtr {
public:
    TObjectPtr& operator=(T*);
    operator T*() const;
    T* operator->() const;
    T& operator*() const;
};
template <class T>
class TWeakObjectPtr {
public:
    TWeakObjectPtr() = default;
    TWeakObjectPtr& operator=(T*);
    bool IsValid() const;
    T* Get() const;
    T* operator->() const;
};
struct FPropertyChangedEvent {};

class FCriticalSection {};
class FScopeLock {
public:
    explicit FScopeLock(FCriticalSection*);
    ~FScopeLock();
};
class FRunnable {
public:
    virtual ~FRunnable() = default;
    virtual bool Init();
    virtual uint32 Run() = 0;
    virtual void Stop();
    virtual void Exit();
};
enum EThreadPriority { TPri_Normal, TPri_AboveNormal };
class FRunnableThread {
public:
    static FRunnableThread* Create(FRunnable*, const TCHAR*, uint32 = 0, EThreadPriority = TPri_Normal);
    virtual void WaitForCompletion() = 0;
    virtual ~FRunnableThread() = default;
};
struct FPlatformProcess {
    static void* GetDllHandle(const TCHAR*);
    static void* GetDllExport(void*, const TCHAR*);
    static void PushDllDirectory(const TCHAR*);
    static void PopDllDirectory(const TCHAR*);
};
struct FPaths {
    template <class... Parts>
    static FString Combine(Parts&&...);
    static FString ProjectSavedDir();
};
struct FTimespan {
    double GetTotalSeconds() const;
};
struct FDateTime {
    static FDateTime Now();
    FTimespan GetTimeOfDay() const;
    FString ToString(const TCHAR*) const;
};
class FArchive {
public:
    virtual ~FArchive() = default;
    virtual void Serialize(void*, int64);
    bool IsError() const;
};
struct FFileHelper {
    static bool LoadFileToString(FString&, const TCHAR*);
};
class IFileManager {
public:
    static IFileManager& Get();
    virtual void FindFiles(TArray<FString>&, const TCHAR*, bool, bool) = 0;
    virtual FArchive* CreateFileWriter(const TCHAR*, uint32 = 0) = 0;
};
class IPlugin {
public:
    virtual const FString& GetBaseDir() const = 0;
};
class IPluginManager {
public:
    static IPluginManager& Get();
    virtual TSharedPtr<IPlugin> FindPlugin(const FString&) = 0;
};
class IModuleInterface {
public:
    virtual ~IModuleInterface() = default;
    virtual void StartupModule() {}
    virtual void ShutdownModule() {}
};
class FDefaultModuleImpl : public IModuleInterface {};
class FModuleManager {
public:
    static FModuleManager& Get();
    IModuleInterface* LoadModule(FName);
    template <class T>
    static T* GetModulePtr(FName);
    template <class T>
    static T& LoadModuleChecked(FName);
    template <class T>
    static T& LoadModuleChecked(const char*);
    template <class T>
    static T* GetModulePtr(const char*);
};
class IModularFeatures {
public:
    static IModularFeatures& Get();
    virtual bool IsModularFeatureAvailable(const FName&) = 0;
    template <class T>
    T& GetModularFeature(const FName&);
};

#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_ThreeParams(Name, A, a, B, b, C, c) \
    class Name {                                                              \
    public:                                                                   \
        void Broadcast(A, B, C) const;                                        \
    };

struct FUpdateTextureRegion2D {
    FUpdateTextureRegion2D(uint32, uint32, int32, int32, uint32, uint32);
};
class FRHITexture;
class FTextureRHIRef {
public:
    FRHITexture* GetReference() const;
};
class FRHICommandListImmediate {
public:
    void UpdateTexture2D(FRHITexture*, uint32, const FUpdateTextureRegion2D&, uint32, const uint8*);
};
struct FRenderCommandStub {
    template <class Command>
    void operator()(Command&& command) {
        FRHICommandListImmediate list;
        command(list);
    }
};
#define ENQUEUE_RENDER_COMMAND(Name) FRenderCommandStub()
class FTextureResource {
public:
    FTextureRHIRef TextureRHI;
};
