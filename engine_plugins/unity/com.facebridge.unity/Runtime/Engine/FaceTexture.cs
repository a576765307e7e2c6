using System;
using Unity.Collections;
using UnityEngine;

namespace FaceBridge
{
    /// <summary>The texture the pictures go to: made once for each size and format, in sRGB, and written on the main thread.</summary>
    public sealed class FaceTexture : IDisposable
    {
        /// <summary>The texture; null before the first picture. Another one when size or codec change.</summary>
        public Texture2D Texture { get; private set; }

        /// <summary>Show a picture; true where <see cref="Texture"/> is a new one.</summary>
        public bool Show(ReceivedPicture picture)
        {
            TextureFormat format = picture.Codec == Wire.Codecs.Rgba32 ? TextureFormat.RGBA32 : TextureFormat.RGB24;
            bool made = Fit(picture.Width, picture.Height, format);
            if (picture.Codec == Wire.Codecs.Jpeg)
                Texture.LoadImage(picture.Pixels);
            else
                Upload(picture);
            return made;
        }

        /// <summary>Let the texture go.</summary>
        public void Dispose()
        {
            if (Texture == null)
                return;
            if (Application.isPlaying)
                UnityEngine.Object.Destroy(Texture);
            else
                UnityEngine.Object.DestroyImmediate(Texture);
            Texture = null;
        }

        bool Fit(int width, int height, TextureFormat format)
        {
            // A JPEG leaves its texture in a format of the engine's choice.
            if (Texture != null && Texture.width == width && Texture.height == height && Texture.format == format)
                return false;
            Dispose();
            Texture = new Texture2D(width, height, format, false, false)
            {
                name = "FaceBridge " + width,
                wrapMode = TextureWrapMode.Clamp,
                hideFlags = HideFlags.DontSave,
            };
            return true;
        }

        void Upload(ReceivedPicture picture)
        {
            // The array belongs to the texture and may move with every Apply: it is asked for each time.
            NativeArray<byte> pixels = Texture.GetRawTextureData<byte>();
            NativeArray<byte>.Copy(picture.Pixels, 0, pixels, 0, picture.PixelBytes);
            Texture.Apply(false);
        }
    }
}
