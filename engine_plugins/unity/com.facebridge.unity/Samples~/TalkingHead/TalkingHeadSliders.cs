using FaceBridge.Wire;
using UnityEngine;

namespace FaceBridge.Samples
{
    /// <summary>A slider for each of ARKit's 52 curves: put it beside a ScriptSource that a FaceBridgeStream reads.</summary>
    [RequireComponent(typeof(ScriptSource))]
    public sealed class TalkingHeadSliders : MonoBehaviour
    {
        ScriptSource source;
        Vector2 scrolled;

        void Start()
        {
            source = GetComponent<ScriptSource>();
        }

        void OnGUI()
        {
            scrolled = GUILayout.BeginScrollView(scrolled, GUILayout.Width(320f), GUILayout.Height(Screen.height));
            if (GUILayout.Button("Neutral"))
                source.Clear();
            foreach (string curve in Bases.CurvesOf(Bases.Arkit52))
            {
                GUILayout.Label(curve);
                source.SetCurve(curve, GUILayout.HorizontalSlider(source.GetCurve(curve), 0f, 1f));
            }
            GUILayout.EndScrollView();
        }
    }
}
