using System;
using System.IO;
using UnityEngine;

namespace FaceBridge
{
    /// <summary>Records what a stream's source gives, as long as Record is on: one CSV file for each time it is switched on.</summary>
    [AddComponentMenu("FaceBridge/FaceBridge Recorder")]
    public sealed class FaceBridgeRecorder : MonoBehaviour
    {
        /// <summary>Whose curves are recorded.</summary>
        public FaceBridgeStream stream;

        /// <summary>Where takes go; empty is Application.persistentDataPath.</summary>
        public string folder = "";

        /// <summary>On or off.</summary>
        public bool record;

        TakeRecorder take;
        FaceBridgeStream heard;

        /// <summary>The file that is being written, or was written last; empty before the first.</summary>
        public string Path { get; private set; }

        void OnDisable()
        {
            Listen(null);
            Stop();
        }

        void Update()
        {
            Listen(stream);
            if (!record)
                Stop();
        }

        void Listen(FaceBridgeStream to)
        {
            if (heard == to)
                return;
            if (heard != null)
                heard.CurvesRead -= Write;
            heard = to;
            if (heard != null)
                heard.CurvesRead += Write;
        }

        void Write(string basis, float[] values)
        {
            if (!record)
                return;
            try
            {
                if (take == null)
                    Begin();
                take.Write(basis, values, DateTime.Now.TimeOfDay);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException || error is ArgumentException)
            {
                record = false;
                Debug.LogError("Recording has ended: " + error.Message, this);
            }
        }

        void Begin()
        {
            string into = folder == "" ? Application.persistentDataPath : folder;
            Path = System.IO.Path.Combine(into, "take " + DateTime.Now.ToString("yyyy-MM-dd HH-mm-ss") + ".csv");
            take = new TakeRecorder(Path);
        }

        void Stop()
        {
            if (take != null)
                take.Dispose();
            take = null;
        }
    }
}
