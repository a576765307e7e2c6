using System;
using UnityEngine;
using UnityEngine.Events;

namespace FaceBridge
{
    /// <summary>A texture to show: bind it to RawImage.texture, for instance.</summary>
    [Serializable]
    public sealed class TextureEvent : UnityEvent<Texture>
    {
    }

    /// <summary>A state the client has come to.</summary>
    [Serializable]
    public sealed class StateEvent : UnityEvent<ClientState>
    {
    }
}
