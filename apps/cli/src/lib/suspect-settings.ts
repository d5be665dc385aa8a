import { canonicalJson } from '@radiotracer/store';
import type { Settings } from './settings.ts';

/** The network of suspect and controls, and how it is trained, but for the seeds. */
export function suspectSettings({
  architecture,
  training,
  suspect,
}: Pick<Settings, 'architecture' | 'training' | 'suspect'>): Pick<Settings, 'architecture' | 'training'> {
  const { privacy: _privacy, ...changes } = suspect.training; // which trains a last layer, no network
  return {
    architecture: { ...architecture, ...suspect.architecture },
    training: { ...training, ...changes },
  };
}

/** Whether suspect and controls are of another architecture than the marking network. */
export function hasOtherArchitecture(settings: Pick<Settings, 'architecture' | 'training' | 'suspect'>): boolean {
  const text = (architecture: Settings['architecture']): string => canonicalJson(architecture, 'architecture');
  return text(suspectSettings(settings).architecture) !== text(settings.architecture);
}
