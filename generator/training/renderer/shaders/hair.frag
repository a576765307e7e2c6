// Hair, cap or headscarf: a shell around the scalp whose edge dissolves in strands. `inside` is the distance inside its edge (cm).
in vec3 P, N, Q;
in float inside;
out vec4 colour;
uniform vec3 hair_colour, cloth_colour;
uniform float cloth, curl;

void main() {
    vec3 view = normalize(vec3(0.0, 0.5, camera_distance) - P);
    vec3 n = normalize(N);
    if (dot(n, view) < 0.0) n = -n;
    float around = atan(Q.x, Q.z - 1.0);
    float fine = noise(vec3(around * 34.0, Q.y * 0.55, 2.0)), coarse = noise(vec3(around * 11.0, Q.y * 0.30, 7.0));
    float lumps = noise(Q * 1.5), knots = noise(Q * 3.4 + 9.0);
    float wisps = noise(vec3(around * 90.0, Q.y * 1.2, 5.0));
    float ragged = mix((fine - 0.5) * 0.45 + (wisps - 0.5) * 0.55 + (coarse - 0.5) * 0.5, (knots - 0.5) * 1.1, curl) * step(cloth, 0.5);
    if (inside + ragged < 0.0) discard;
    float occlusion = 0.62 + 0.38 * clamp(inside * 0.55 + 0.2, 0.0, 1.0);
    if (cloth > 0.5) {
        float fold = 0.86 + 0.18 * sin(around * 22.0 + lumps * 3.0) * step(1.5, cloth) + 0.14 * (1.0 - step(1.5, cloth)) * sin(around * 40.0);
        colour = vec4(to_screen(lit(cloth_colour * fold, n, view, 0.15, occlusion)), 1.0);
        return;
    }
    float shade = mix(0.55 + 0.45 * coarse + 0.38 * fine, 0.45 + 0.5 * lumps + 0.5 * knots, curl);
    vec3 along = normalize(cross(n, vec3(n.z, 0.0, -n.x)) + 1e-4);
    float across = dot(along, normalize(key_direction + view));
    float sheen = pow(sqrt(max(1.0 - across * across, 0.0)), 24.0) * (0.5 + 0.7 * fine) * (1.0 - 0.8 * curl);
    vec3 c = lit(hair_colour * shade, n, view, 0.1, occlusion) + sheen * (0.035 + 0.25 * hair_colour) * occlusion;
    colour = vec4(to_screen(c), 1.0);
}
